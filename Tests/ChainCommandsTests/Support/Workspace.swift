import Foundation
import Testing

#if canImport(Glibc)
import Glibc
#endif

/// What a process did.
struct Outcome {
    let status: Int32
    let bytes: Data
    let errors: String

    var output: String { String(decoding: bytes, as: UTF8.self) }
    var lines: Rows<String> { Rows(all: output.split(separator: "\n").map { String($0) }, missing: "(no such line)") }

    /// The one JSON document of the output.
    func json(sourceLocation: SourceLocation = #_sourceLocation) throws -> [String: Any] {
        try #require(
            try JSONSerialization.jsonObject(with: bytes) as? [String: Any], "not an object: \(output)",
            sourceLocation: sourceLocation)
    }

    /// The output as one JSON document a line.
    func jsonLines(sourceLocation: SourceLocation = #_sourceLocation) throws -> Rows<[String: Any]> {
        let objects = try lines.map { line in
            try #require(
                try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "not an object: \(line)",
                sourceLocation: sourceLocation)
        }
        return Rows(all: objects, missing: [:])
    }
}

/// Lines of output. One that is missing makes its test fail, and not the whole run crash.
struct Rows<Element>: Sequence {
    let all: [Element]
    let missing: Element

    subscript(index: Int) -> Element { all.indices.contains(index) ? all[index] : missing }
    var count: Int { all.count }
    var isEmpty: Bool { all.isEmpty }
    var first: Element? { all.first }
    var last: Element? { all.last }

    func makeIterator() -> IndexingIterator<[Element]> { all.makeIterator() }
}

/// A temporary directory in which the real `chainctl` runs as a process.
final class Workspace: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "/chainctl-tests-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Where the build puts executables: beside the test bundle.
    static let productsDirectory: String = {
        for bundle in Bundle.allBundles where bundle.bundlePath.hasSuffix(".xctest") {
            return bundle.bundleURL.deletingLastPathComponent().path
        }
        return Bundle.main.bundleURL.path
    }()

    static var tool: String { productsDirectory + "/chainctl" }

    /// The tool's environment: nothing of the developer's own.
    static func environment(_ additions: [String: String] = [:]) -> [String: String] {
        var environment = ProcessInfo.processInfo.environment
        for name in ["CHAINCTL_KEY", "NO_COLOR", "COLUMNS"] { environment[name] = nil }
        environment["PATH"] = "\(productsDirectory):\(environment["PATH"] ?? "/usr/bin:/bin")"
        environment["LC_ALL"] = "C.UTF-8"
        return environment.merging(additions) { _, new in new }
    }

    /// Runs `chainctl`.
    @discardableResult
    func run(_ arguments: String..., input: String? = nil, environment: [String: String] = [:]) throws -> Outcome {
        try run(Self.tool, arguments, input: input.map { Data($0.utf8) }, environment: environment)
    }

    /// Runs `chainctl`, which must succeed.
    @discardableResult
    func must(
        _ arguments: String..., input: String? = nil, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Outcome {
        let outcome = try run(Self.tool, arguments, input: input.map { Data($0.utf8) }, environment: [:])
        try #require(outcome.status == 0, "\(arguments): \(outcome.errors)", sourceLocation: sourceLocation)
        return outcome
    }

    /// Runs a line of shell, in which `chainctl` is known.
    @discardableResult
    func shell(_ line: String, environment: [String: String] = [:]) throws -> Outcome {
        try run("/bin/bash", ["-c", line], input: nil, environment: environment)
    }

    func run(
        _ program: String, _ arguments: [String], input: Data?, environment: [String: String]
    ) throws -> Outcome {
        let process = try start(program, arguments, input: input, environment: environment)
        return try process.outcome()
    }

    /// Starts a process whose output goes to files, so that nothing can block.
    func start(
        _ program: String, _ arguments: [String], input: Data? = nil, environment: [String: String] = [:]
    ) throws -> RunningProcess {
        try RunningProcess(program, arguments, input: input, in: path, Self.environment(environment))
    }

    // MARK: Files

    func write(_ content: String, to name: String) throws { try write(Data(content.utf8), to: name) }

    func write(_ content: Data, to name: String) throws {
        let url = URL(fileURLWithPath: "\(path)/\(name)")
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try content.write(to: url)
    }

    func read(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")) }

    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(path)/\(name)") }

    func names(_ directory: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(directory)").sorted()
    }

    func permissions(_ name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")[.posixPermissions] as? Int
    }

    // MARK: Chains

    /// A key `signer.pem` and a chain `evidence` of one record.
    static func withChain() throws -> Workspace {
        let workspace = try Workspace()
        try workspace.must("key", "generate", "signer.pem")
        try workspace.must("init", "evidence", "--key", "signer.pem", "--name", "Case 4711")
        return workspace
    }

    /// A chain `evidence` with `count` records behind the first: the files `0.txt`, `1.txt`, …
    static func withRecords(_ count: Int) throws -> Workspace {
        let workspace = try withChain()
        let files = (0..<count).map { "\($0).txt" }
        for file in files { try workspace.write("content of \(file)\n", to: file) }
        _ = try workspace.run(
            tool, ["append", "evidence", "--key", "signer.pem", "--batch"] + files, input: nil, environment: [:])
        return workspace
    }

    var chainBytes: Data { get throws { try read("evidence/chain.bin") } }

    /// Offset of each record's frame.
    func offsets() throws -> Rows<Int> {
        let bytes = [UInt8](try chainBytes)
        var offsets: [Int] = []
        var offset = 0
        while offset + 4 <= bytes.count {
            offsets.append(offset)
            offset += 4 + bytes[offset..<(offset + 4)].reduce(0) { $0 << 8 | Int($1) }
        }
        return Rows(all: offsets, missing: 0)
    }

    /// Changes the byte at an offset of chain.bin.
    func damage(at offset: Int) throws {
        var bytes = try chainBytes
        bytes[offset] ^= 1
        try write(bytes, to: "evidence/chain.bin")
    }

    /// The start of a frame that a crash cut short.
    func tear() throws {
        try write(try chainBytes + Data([0, 0, 1, 0, 0xAB, 0x00, 0x01, 0x01]), to: "evidence/chain.bin")
    }
}

/// A process that was started.
final class RunningProcess {
    let process = Process()
    private let outputPath: String
    private let errorPath: String

    init(
        _ program: String, _ arguments: [String], input: Data?, in directory: String, _ environment: [String: String]
    ) throws {
        let base = NSTemporaryDirectory() + "/chainctl-run-\(UUID().uuidString)"
        outputPath = base + ".out"
        errorPath = base + ".err"
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: directory)
        process.environment = environment
        for path in [outputPath, errorPath] { try Data().write(to: URL(fileURLWithPath: path)) }
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: outputPath))
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errorPath))
        if let input {
            try input.write(to: URL(fileURLWithPath: base + ".in"))
            process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: base + ".in"))
            try FileManager.default.removeItem(atPath: base + ".in")
        } else {
            process.standardInput = FileHandle.nullDevice
        }
        try process.run()
    }

    /// Waits for its end. A signal is reported as a shell does: 128 and its number.
    func outcome() throws -> Outcome {
        process.waitUntilExit()
        defer { for path in [outputPath, errorPath] { try? FileManager.default.removeItem(atPath: path) } }
        return Outcome(
            status: process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus,
            bytes: try Data(contentsOf: URL(fileURLWithPath: outputPath)),
            errors: String(decoding: try Data(contentsOf: URL(fileURLWithPath: errorPath)), as: UTF8.self))
    }
}

extension Outcome {
    /// Expects an exit code, nothing on standard output, and one line on standard error that begins `chainctl: `.
    func expectError(
        _ status: Int32, _ parts: String..., output: String? = "", sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(self.status == status, "\(errors)", sourceLocation: sourceLocation)
        if let output { #expect(self.output == output, sourceLocation: sourceLocation) }
        let lines = errors.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(errors.hasSuffix("\n") && lines.count == 2, "not one line: \(errors)", sourceLocation: sourceLocation)
        #expect(errors.hasPrefix("chainctl: "), "\(errors)", sourceLocation: sourceLocation)
        for part in parts {
            #expect(errors.contains(part), "\(errors) lacks \(part)", sourceLocation: sourceLocation)
        }
    }
}

/// What the machine has; tests that need more are skipped by name.
enum Machine {
    static let isRoot = geteuid() == 0
    static let hasOpenSSL = has("openssl")
    static let hasSetpriv = has("setpriv")
    static let hasPython = has("python3")

    private static func has(_ program: String) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "command -v \(program)"]
        process.standardOutput = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
