import AttestationChain
import Foundation

/// Chains whose records claim given times, which the tool itself cannot write.
enum TimedChain {
    private final class Clock: WriterEnvironment {
        private let machine = MachineEnvironment()
        private let times: [Int64]
        nonisolated(unsafe) private var next = 0

        init(_ times: [Int64]) { self.times = times }

        func now() -> Int64 {
            defer { unsafe next += 1 }
            return unsafe times[min(next, times.count - 1)]
        }

        func randomBytes(_ count: Int) -> [UInt8] { machine.randomBytes(count) }
        func witnesses(of status: FileStatus) -> EntropyWitnesses { machine.witnesses(of: status) }
    }

    /// Makes the chain `evidence` with a record for each time; types alternate between `text/a` and `text/b`.
    static func make(in workspace: Workspace, _ times: [Int64]) throws {
        let clock = Clock(times)
        var writer = try ChainWriter(
            creating: "\(workspace.path)/evidence", signer: SigningKey(), name: nil, system: PosixSystem(),
            environment: clock)
        for index in 1..<times.count {
            try writer.append(
                RecordDraft(
                    contentHash: SHA256.hash(Array("\(index)".utf8)),
                    contentType: index.isMultiple(of: 2) ? "text/b" : "text/a"))
        }
        try writer.close()
    }
}
