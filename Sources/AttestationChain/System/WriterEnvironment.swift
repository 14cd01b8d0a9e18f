internal import ChainCrypto
package import ChainRecord

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// What a writer takes from the world around it: time, randomness, witnesses. Tests pass their own.
package protocol WriterEnvironment: Sendable {
    /// Microseconds since the Unix epoch.
    func now() -> Int64
    func randomBytes(_ count: Int) -> [UInt8]
    func witnesses(of status: FileStatus) -> EntropyWitnesses
}

/// The machine this runs on.
package struct MachineEnvironment: WriterEnvironment {
    private static let bootID = firstLine(of: "/proc/sys/kernel/random/boot_id")

    package init() {}

    package func now() -> Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }

    package func randomBytes(_ count: Int) -> [UInt8] { SystemRandom.bytes(count: count) }

    package func witnesses(of status: FileStatus) -> EntropyWitnesses {
        EntropyWitnesses(
            secondsSinceBoot: Self.secondsSinceBoot(),
            fileState: EntropyWitnesses.fileState(
                modifiedNanoseconds: status.modifiedNanoseconds, changedNanoseconds: status.changedNanoseconds,
                size: Int64(status.size), inode: Int64(bitPattern: status.identity.inode)),
            kernelEntropy: Self.firstLine(of: "/proc/sys/kernel/random/entropy_avail").flatMap { UInt64($0) },
            bootID: Self.bootID)
    }

    private static func secondsSinceBoot() -> Double? {
        #if canImport(Darwin)
        // Darwin's monotonic clock counts from boot, sleep included.
        let clock = CLOCK_MONOTONIC
        #else
        let clock = CLOCK_BOOTTIME
        #endif
        var time = timespec()
        guard unsafe clock_gettime(clock, &time) == 0 else { return nil }
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Nil where the file is missing, as everywhere but on Linux.
    private static func firstLine(of path: String) -> String? {
        let system = PosixSystem()
        guard let file = try? OpenFile(path, .read, system: system), let bytes = try? file.read(0..<128) else {
            return nil
        }
        let line = bytes.prefix { $0 != UInt8(ascii: "\n") }
        return line.isEmpty ? nil : String(decoding: line, as: UTF8.self)
    }
}
