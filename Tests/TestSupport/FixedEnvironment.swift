package import AttestationChain
package import ChainRecord

/// Time that passes by one millisecond a call, counted randomness, no witnesses: the same chain every time.
package final class FixedEnvironment: WriterEnvironment, @unchecked Sendable {
    // Sendable although it changes: a test's writer is its only user.
    private var time: Int64 = 1_767_225_600_000_000
    private var counter: UInt8 = 0

    package init() {}

    package func now() -> Int64 {
        time += 1000
        return time
    }

    package func randomBytes(_ count: Int) -> [UInt8] {
        counter &+= 1
        return [UInt8](repeating: counter, count: count)
    }

    package func witnesses(of status: FileStatus) -> EntropyWitnesses { EntropyWitnesses() }
}
