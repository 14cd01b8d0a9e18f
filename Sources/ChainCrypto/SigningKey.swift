internal import CSodium

/// An Ed25519 private key. It stays in guarded memory and is zeroed when the last reference goes.
///
/// A class, so that a writer and the code that made it can share one copy of the secret.
public final class SigningKey: Sendable {
    /// What others check this key's signatures with.
    public let publicKey: PublicKey
    /// Seed and public key, the 64 bytes that libsodium signs with. Never written after init.
    private let secret: SecretBytes

    /// A new key from the system's random generator.
    public convenience init() {
        Sodium.prepare()
        unsafe self.init(
            seed: SecretBytes(count: Ed25519.seedSize) { seed in
                if let base = seed.baseAddress { unsafe randombytes_buf(base, seed.count) }
            })
    }

    /// The key of a 32-byte seed (RFC 8032 section 5.1.5).
    package init(seed: borrowing SecretBytes) {
        precondition(seed.count == Ed25519.seedSize, "an Ed25519 seed has 32 bytes")
        Sodium.prepare()
        var publicBytes = [UInt8](repeating: 0, count: Ed25519.publicKeySize)
        let pair = unsafe SecretBytes(count: Int(crypto_sign_SECRETKEYBYTES)) { pair in
            unsafe seed.withUnsafeBytes { seed in
                let secretKey = unsafe pair.bindMemory(to: UInt8.self).baseAddress
                let seedBytes = unsafe seed.bindMemory(to: UInt8.self).baseAddress
                guard let secretKey = unsafe secretKey, let seedBytes = unsafe seedBytes else {
                    preconditionFailure("guarded memory has an address")
                }
                unsafe crypto_sign_seed_keypair(&publicBytes, secretKey, seedBytes)
            }
        }
        secret = pair
        guard let key = PublicKey(publicBytes) else { preconditionFailure("libsodium writes 32 bytes") }
        publicKey = key
    }

    /// Signs `message`: 64 bytes, the same for the same message (RFC 8032). O(message).
    ///
    /// What a chain key signs must say what it is: a record begins with `0xAA`, everything else with its domain string.
    package func signature(for message: Span<UInt8>) -> [UInt8] {
        var signature = [UInt8](repeating: 0, count: Ed25519.signatureSize)
        unsafe message.withUnsafeBufferPointer { message in
            unsafe secret.withUnsafeBytes { pair in
                guard let key = unsafe pair.bindMemory(to: UInt8.self).baseAddress else { return }
                // libsodium declares the message nonnull, and does not read it when it is empty.
                unsafe crypto_sign_detached(&signature, nil, message.baseAddress ?? key, UInt64(message.count), key)
            }
        }
        return signature
    }

    package func withUnsafeSeed<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        unsafe secret.withUnsafeBytes { unsafe body(UnsafeRawBufferPointer(rebasing: $0[..<Ed25519.seedSize])) }
    }
}
