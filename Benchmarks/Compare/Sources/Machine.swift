internal import Foundation

#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// What a reader of the figures needs to know of where they were taken.
enum Machine {
    static func description(workingIn path: String) -> String {
        let cores = ProcessInfo.processInfo.activeProcessorCount
        return "\(processor), \(cores) cores, \(system), \(FileSystem.type(of: path))"
    }

    private static var processor: String {
        let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        var name = "unknown processor"
        var hasSHA = false
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            if parts[0].hasPrefix("model name") { name = parts[1].trimmingCharacters(in: .whitespaces) }
            if parts[0].hasPrefix("flags") { hasSHA = parts[1].split(separator: " ").contains("sha_ni") }
        }
        return "\(name) (\(hasSHA ? "with" : "without") SHA instructions)"
    }

    private static var system: String {
        let release = (try? String(contentsOfFile: "/etc/os-release", encoding: .utf8)) ?? ""
        let line = release.split(separator: "\n").first { $0.hasPrefix("PRETTY_NAME=") }
        return line.map { $0.dropFirst("PRETTY_NAME=".count).trimmingCharacters(in: ["\""]) }
            ?? ProcessInfo.processInfo.operatingSystemVersionString
    }
}

enum FileSystem {
    /// The type of the file system that `path` is on, such as `ext4`.
    static func type(of path: String) -> String {
        #if os(Linux)
        guard let mounts = try? String(contentsOfFile: "/proc/self/mounts", encoding: .utf8) else { return "unknown" }
        var best = (point: "", type: "unknown")
        for line in mounts.split(separator: "\n") {
            let fields = line.split(separator: " ").map(String.init)
            guard fields.count > 2 else { continue }
            let point = fields[1]
            let isAbove = point == "/" || path == point || path.hasPrefix(point + "/")
            // Of two mounts on one point the later hides the other.
            if isAbove, point.count >= best.point.count { best = (point, fields[2]) }
        }
        return best.type
        #else
        var status = statfs()
        guard statfs(path, &status) == 0 else { return "unknown" }
        return withUnsafeBytes(of: status.f_fstypename) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        #endif
    }

    /// Whether what is written there reaches a disk.
    static func isOnDisk(_ path: String) -> Bool { !["tmpfs", "ramfs", "unknown"].contains(type(of: path)) }
}

/// A folder of this run's own, removed at its end.
struct WorkFolder: Sendable {
    let path: String

    /// Makes the folder in `parent`, or in the first usual place that is on a disk.
    init(in parent: String?) throws {
        let usual = [NSTemporaryDirectory(), "/var/tmp", FileManager.default.currentDirectoryPath]
        let chosen = parent ?? usual.first { FileSystem.isOnDisk($0) } ?? FileManager.default.currentDirectoryPath
        let url = URL(filePath: chosen).standardizedFileURL.appending(path: "compare-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }

    /// Cleans up when the run is broken off, too.
    func removeAndExit(on signalNumber: Int32) -> any DispatchSourceSignal {
        signal(signalNumber, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: signalNumber, queue: .global())
        source.setEventHandler { [self] in
            remove()
            exit(128 + signalNumber)
        }
        source.resume()
        return source
    }
}
