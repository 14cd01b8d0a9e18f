internal import CSodiumLimits
internal import Crypto

#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// What the machine can do at most: loops with nothing of this project in them.
enum Limits {
    /// Signs each message with libsodium, on one core.
    static func sign(_ messages: Messages) throws {
        var publicKey = [UInt8](repeating: 0, count: 32)
        var secretKey = [UInt8](repeating: 0, count: 64)
        var signature = [UInt8](repeating: 0, count: 64)
        try check(sodium_init() >= 0 && crypto_sign_keypair(&publicKey, &secretKey) == 0, "libsodium makes a key")
        messages.bytes.withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return }
            for range in messages.ranges {
                _ = crypto_sign_detached(&signature, nil, base + range.lowerBound, UInt64(range.count), secretKey)
            }
        }
    }

    /// Verifies each message with libsodium, on one core.
    static func verify(_ messages: Messages) throws {
        try check(sodium_init() >= 0, "libsodium starts")
        var valid = 0
        messages.bytes.withUnsafeBufferPointer { bytes in
            messages.signatures.withUnsafeBufferPointer { signatures in
                guard let base = bytes.baseAddress, let signature = signatures.baseAddress else { return }
                for (index, range) in messages.ranges.enumerated() {
                    valid +=
                        crypto_sign_verify_detached(
                            signature + index * 64, base + range.lowerBound, UInt64(range.count), messages.signer) == 0
                        ? 1 : 0
                }
            }
        }
        try check(valid == messages.ranges.count, "every signature is valid")
    }

    /// Hashes each message on its own with swift-crypto: the least that following the links takes.
    static func hashEach(_ messages: Messages) throws {
        var sum: UInt8 = 0
        messages.bytes.withUnsafeBytes { bytes in
            for range in messages.ranges {
                var hasher = SHA256()
                hasher.update(bufferPointer: UnsafeRawBufferPointer(rebasing: bytes[range]))
                hasher.finalize().withUnsafeBytes { sum ^= $0[0] }
            }
        }
        try check(messages.ranges.count > 0 || sum == 0, "hashed")
    }

    /// Hashes the same bytes in one piece.
    static func hashWhole(_ messages: Messages) throws {
        var hasher = SHA256()
        messages.bytes.withUnsafeBytes { hasher.update(bufferPointer: $0) }
        try check(Array(hasher.finalize()).count == 32, "hashed")
    }

    /// Reads a file from its beginning to its end, as much at once as the project does.
    static func read(_ path: String, chunk: Int = 1 << 18) throws {
        let file = try RawFile(path, O_RDONLY)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: chunk, alignment: 16)
        defer { buffer.deallocate() }
        var offset = 0
        while true {
            let count = pread(file.descriptor, buffer.baseAddress, chunk, off_t(offset))
            try check(count >= 0, "pread works")
            if count == 0 { break }
            offset += count
        }
    }
}

/// A descriptor, closed when it goes.
final class RawFile {
    let descriptor: Int32

    init(_ path: String, _ flags: Int32) throws {
        descriptor = open(path, flags | O_CLOEXEC, 0o644)
        try check(descriptor >= 0, "\(path) opens")
    }

    deinit { close(descriptor) }

    func size() -> Int { Int(lseek(descriptor, 0, SEEK_END)) }

    /// One pwrite and one fdatasync: the least that a durable append is.
    func writeDurably(_ bytes: ArraySlice<UInt8>, at offset: Int) throws {
        let written = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, off_t(offset)) }
        try check(written == bytes.count, "pwrite writes all")
        #if canImport(Darwin)
        try check(fcntl(descriptor, F_FULLFSYNC) == 0, "F_FULLFSYNC works")
        #else
        try check(fdatasync(descriptor) == 0, "fdatasync works")
        #endif
    }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws {
        try check(pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset)) > 0, "pread works")
    }
}
