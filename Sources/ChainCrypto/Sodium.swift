internal import CSodium

/// libsodium, initialized once for the process.
enum Sodium {
    private static let initialized: Bool = sodium_init() >= 0

    /// Must come before any other use of libsodium: it picks implementations and opens the random source.
    @inline(__always)
    static func prepare() {
        precondition(initialized, "libsodium cannot initialize: no source of randomness")
    }
}

/// Bytes from the system's random generator.
package enum SystemRandom {
    package static func bytes(count: Int) -> [UInt8] {
        Sodium.prepare()
        return unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initializedCount in
            if let base = buffer.baseAddress { unsafe randombytes_buf(base, count) }
            initializedCount = count
        }
    }
}
