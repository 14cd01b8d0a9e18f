internal import Crypto

/// SHA-256 over swift-crypto, which uses the processor's SHA instructions where there are any.
public struct SHA256: Sendable {
    private var state = Crypto.SHA256()

    public init() {}

    /// Adds bytes to what is hashed. O(bytes).
    public mutating func update(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBytes { unsafe state.update(bufferPointer: $0) }
    }

    public mutating func update(_ bytes: [UInt8]) {
        update(bytes.span)
    }

    /// The hash of all bytes added so far; more may follow.
    public func finalize() -> Hash256 {
        Self.hash(digest: state.finalize())
    }

    /// The hash of `bytes`. O(bytes).
    public static func hash(_ bytes: Span<UInt8>) -> Hash256 {
        var hasher = SHA256()
        hasher.update(bytes)
        return hasher.finalize()
    }

    public static func hash(_ bytes: [UInt8]) -> Hash256 {
        hash(bytes.span)
    }

    private static func hash(digest: Crypto.SHA256.Digest) -> Hash256 {
        unsafe digest.withUnsafeBytes { source in
            unsafe Hash256(Bytes32(filledBy: { unsafe $0.copyMemory(from: source) }))
        }
    }
}
