/// Offsets of frames by record index: about 4 bytes a record, never more than 8, without ever moving what is there.
///
/// Each chunk has one 8-byte base and 4-byte distances from it. A chunk's frames are at most 1,048,580 bytes each, so a
/// distance fits 32 bits as long as a chunk has no more than 4,095 records.
struct OffsetIndex: Sendable {
    private struct Chunk: Sendable {
        let base: Int
        var distances: [UInt32]
    }

    private var chunks: [Chunk] = []
    private(set) var count = 0
    /// Where the frame behind the last indexed one begins.
    private(set) var end = 0

    static let chunkSize = 4095

    /// Adds the next frame, `size` bytes at ``end``. Amortized O(1).
    mutating func append(size: Int) {
        if count.isMultiple(of: Self.chunkSize) {
            var distances: [UInt32] = []
            distances.reserveCapacity(Self.chunkSize)
            chunks.append(Chunk(base: end, distances: distances))
        }
        let last = chunks.count - 1
        guard let distance = UInt32(exactly: end - chunks[last].base) else {
            preconditionFailure("a chunk spans less than 2^32 bytes")
        }
        chunks[last].distances.append(distance)
        count += 1
        end += size
    }

    /// Offset of a frame that is indexed. O(1).
    subscript(index: Int) -> Int {
        let chunk = chunks[index / Self.chunkSize]
        return chunk.base + Int(chunk.distances[index % Self.chunkSize])
    }
}
