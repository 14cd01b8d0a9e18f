internal import CSodium

/// An Ed25519 public key (RFC 8032): 32 bytes, printed as 64 lower-case hexadecimal digits.
public struct PublicKey: Hashable, Sendable, CustomStringConvertible, LosslessStringConvertible {
    package let storage: Bytes32

    package init(_ storage: Bytes32) { self.storage = storage }

    /// Nil unless there are exactly 32 bytes. Whether they are a point is ``isPrimeOrderPoint``'s to say.
    public init?(_ bytes: some Collection<UInt8>) {
        guard let storage = Bytes32(bytes) else { return nil }
        self.storage = storage
    }

    /// Nil unless the text is 64 lower-case hexadecimal digits.
    public init?(_ description: String) {
        guard let bytes = Hex.decode(description) else { return nil }
        self.init(bytes)
    }

    /// The 32 bytes.
    public var bytes: [UInt8] { storage.bytes }
    public var description: String { unsafe storage.withUnsafeBytes { unsafe Hex.encode($0) } }

    /// SHA-256 of the 32 bytes: how people name a key.
    public var fingerprint: Hash256 { SHA256.hash(bytes) }

    /// Whether the bytes are the canonical encoding of a point of the prime-order subgroup, other than the identity.
    ///
    /// Verifying a signature alone accepts mixed-order keys; a chain admits none.
    public var isPrimeOrderPoint: Bool {
        Sodium.prepare()
        return unsafe storage.withUnsafeBytes { bytes in
            guard let base = unsafe bytes.bindMemory(to: UInt8.self).baseAddress else { return false }
            return unsafe crypto_core_ed25519_is_valid_point(base) == 1 && Self.hasNoTorsion(base)
        }
    }

    /// Whether (1/8)·(8·P) is P again. Versions of libsodium before the fix of CVE-2025-69277 let a point with a part of
    /// order 2 pass as one of the prime-order group; what a chain admits must not depend on the version.
    private static func hasNoTorsion(_ point: UnsafePointer<UInt8>) -> Bool {
        let size = Int(crypto_core_ed25519_BYTES)
        var eighth = [UInt8](repeating: 0, count: Int(crypto_core_ed25519_SCALARBYTES))
        var eight = eighth
        eight[0] = 8
        var sum = unsafe Array(UnsafeBufferPointer(start: point, count: size))
        var result = sum
        for _ in 0..<3 {
            let term = sum
            guard unsafe crypto_core_ed25519_add(&sum, term, term) == 0 else { return false }
        }
        guard unsafe crypto_core_ed25519_scalar_invert(&eighth, eight) == 0,
            unsafe crypto_scalarmult_ed25519_noclamp(&result, eighth, sum) == 0
        else { return false }
        return unsafe result.elementsEqual(UnsafeBufferPointer(start: point, count: size))
    }

    /// Whether `signature` (64 bytes) is this key's Ed25519 signature over `message`. O(message).
    public func isValidSignature(_ signature: Span<UInt8>, for message: Span<UInt8>) -> Bool {
        guard signature.count == Ed25519.signatureSize else { return false }
        Sodium.prepare()
        return unsafe storage.withUnsafeBytes { key in
            unsafe signature.withUnsafeBufferPointer { signature in
                unsafe message.withUnsafeBufferPointer { message in
                    guard let key = key.baseAddress, let signature = signature.baseAddress else { return false }
                    // An empty message may have no address; libsodium does not read it then, but declares it nonnull.
                    return unsafe crypto_sign_verify_detached(
                        signature, message.baseAddress ?? UnsafePointer(signature), UInt64(message.count), key) == 0
                }
            }
        }
    }

    package func isValidSignature(_ signature: [UInt8], for message: [UInt8]) -> Bool {
        isValidSignature(signature.span, for: message.span)
    }
}

/// Sizes of RFC 8032's Ed25519, in bytes.
public enum Ed25519 {
    public static let publicKeySize = 32
    public static let seedSize = 32
    public static let signatureSize = 64
}
