/// 32 bytes by value, without an allocation: the storage of hashes and public keys.
package struct Bytes32: Hashable, Sendable {
    private var words: (UInt64, UInt64, UInt64, UInt64)

    package static let count = 32
    package static let zero = Bytes32()

    private init() { words = (0, 0, 0, 0) }

    /// Fills the bytes in place.
    package init(filledBy fill: (UnsafeMutableRawBufferPointer) -> Void) {
        words = (0, 0, 0, 0)
        unsafe withUnsafeMutableBytes(of: &words) { unsafe fill($0) }
    }

    /// Copies the 32 bytes of `bytes` that begin at `offset`.
    package init(_ bytes: Span<UInt8>, at offset: Int) {
        precondition(offset >= 0 && bytes.count - offset >= Self.count, "32 bytes begin at the offset")
        words = (0, 0, 0, 0)
        unsafe bytes.withUnsafeBytes { source in
            unsafe withUnsafeMutableBytes(of: &words) {
                unsafe $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[offset..<(offset + Self.count)]))
            }
        }
    }

    /// Nil unless there are exactly 32 bytes.
    package init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Self.count else { return nil }
        words = (0, 0, 0, 0)
        unsafe withUnsafeMutableBytes(of: &words) { unsafe $0.copyBytes(from: bytes) }
    }

    package func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        unsafe Swift.withUnsafeBytes(of: words) { unsafe body($0) }
    }

    package var bytes: [UInt8] { unsafe withUnsafeBytes { unsafe Array($0) } }

    package static func == (a: Bytes32, b: Bytes32) -> Bool { a.words == b.words }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
        hasher.combine(words.3)
    }
}
