package import AttestationChain
package import ChainRecord
import Synchronization

/// Time that passes by one millisecond a call, counted randomness, no witnesses: the same chain every time.
package final class FixedEnvironment: WriterEnvironment {
    private let time = Mutex<Int64>(1_767_225_600_000_000)
    private let counter = Mutex<UInt8>(0)

    package init() {}

    package func now() -> Int64 {
        time.withLock { time in
            time += 1000
            return time
        }
    }

    package func randomBytes(_ count: Int) -> [UInt8] {
        counter.withLock { counter in
            counter &+= 1
            return [UInt8](repeating: counter, count: count)
        }
    }

    package func witnesses(of status: FileStatus) -> EntropyWitnesses { EntropyWitnesses() }
}
