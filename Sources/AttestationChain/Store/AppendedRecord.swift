public import ChainCrypto

/// A record that is on disk.
public struct AppendedRecord: Sendable, Hashable {
    public let index: Int
    public let recordHash: Hash256
    public let contentHash: Hash256
    /// Offset of its frame in chain.bin.
    public let offset: Int
    /// Bytes of its frame, the length prefix included.
    public let size: Int
    /// Microseconds since the Unix epoch.
    public let claimedTimestamp: Int64
}
