internal import AttestationChain
internal import Foundation

/// Peak memory of a process that verifies a chain and does nothing else.
struct MemoryUse {
    let work: String
    /// Before the work began: the program and its libraries.
    let startBytes: Int
    let peakBytes: Int

    static func measure(_ samples: Samples) throws -> [MemoryUse] {
        let plan = samples.plan
        var works = [(try samples.short(), plan.short, "all"), (try samples.long(), plan.long, "all")]
        if let huge = plan.huge {
            // Only the links: the signatures of a million records take a minute and no memory.
            works.append((try samples.chain("huge", records: huge), huge, "epoch"))
        }
        return try works.map { path, count, signatures in
            let (start, peak) = try peaks(verifying: path, signatures: signatures)
            return MemoryUse(
                work: "verify \(count) records, \(signatures) signatures", startBytes: start, peakBytes: peak)
        }
    }

    /// In a child, so that what this process holds is not counted.
    private static func peaks(verifying path: String, signatures: String) throws -> (start: Int, peak: Int) {
        let child = Process()
        child.executableURL = Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0])
        child.arguments = ["--memory-of", path, "--memory-signatures", signatures]
        let output = Pipe()
        child.standardOutput = output
        try child.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        child.waitUntilExit()
        let numbers = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
        guard child.terminationStatus == 0, numbers.count == 2 else {
            throw MeasurementError(message: "the child did not say what it used")
        }
        return (numbers[0], numbers[1])
    }

    /// What the child does.
    static func reportOwn(verifying path: String, signatures: String) throws {
        let before = try ownPeak()
        let verdict = try Verifier(signatures: SignatureMode(rawValue: signatures) ?? .all).verify(path)
        try check(verdict.outcome == .valid, "the chain is valid")
        print(before, try ownPeak())
    }

    private static func ownPeak() throws -> Int {
        #if os(Linux)
        // Not getrusage: on Linux its ru_maxrss starts from the parent's peak (exec carries it over).
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        for line in status.split(separator: "\n") where line.hasPrefix("VmHWM:") {
            if let kibibytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) }) {
                return kibibytes * 1024
            }
        }
        throw MeasurementError(message: "/proc/self/status says VmHWM")
        #else
        var usage = rusage()
        try check(getrusage(RUSAGE_SELF, &usage) == 0, "getrusage works")
        return usage.ru_maxrss
        #endif
    }
}
