/// A SHA-256 hash (FIPS 180-4): 32 bytes, printed as 64 lower-case hexadecimal digits.
public struct Hash256: Hashable, Sendable, CustomStringConvertible, LosslessStringConvertible {
    package let storage: Bytes32

    package init(_ storage: Bytes32) { self.storage = storage }

    /// Nil unless there are exactly 32 bytes.
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

    /// 32 zero bytes: the `prev_hash` of a first record.
    public static let zero = Hash256(.zero)
}
