internal import ChainRecord

/// Reads frames one after another through one bounded buffer, however long the file is.
///
/// The buffer holds the largest frame and no more than ``chunkSize`` beyond it. Records are looked at in place.
package struct FrameStream: ~Copyable {
    package enum Step: Sendable, Equatable {
        /// A whole frame, now in the buffer.
        case frame
        /// The end, right behind a frame.
        case end
        /// The file ends inside a frame.
        case endsInsideFrame
        /// A length that no frame may have.
        case forbiddenLength(Int)
    }

    private let file: OpenFile
    /// Where reading ends: the size of the file when it was looked at.
    private let end: Int
    /// Offset of the frame that ``advance()`` found last, or of what is wrong.
    package private(set) var frameOffset: Int
    private var nextOffset: Int
    /// Holds the current frame's record at ``recordRange``.
    package private(set) var buffer: [UInt8]
    /// Offset in the file of the buffer's first byte.
    private var bufferOffset: Int
    private var bufferedCount = 0
    private var recordSize = 0

    package static let chunkSize = 1 << 18

    package init(_ file: OpenFile, from start: Int, to end: Int) {
        precondition(start >= 0 && start <= end)
        self.file = file
        self.end = end
        frameOffset = start
        nextOffset = start
        bufferOffset = start
        buffer = [UInt8](repeating: 0, count: min(Self.chunkSize, max(end - start, ChainFormat.lengthPrefixSize)))
    }

    /// Bytes of the file that are behind the current frame or before it: how far reading has come.
    package var position: Int { nextOffset }

    package mutating func advance() throws(ChainError) -> Step {
        frameOffset = nextOffset
        let remaining = end - nextOffset
        if remaining == 0 { return .end }
        guard remaining >= ChainFormat.lengthPrefixSize else { return .endsInsideFrame }
        try fill(ChainFormat.lengthPrefixSize)
        let length = Frame.length(in: buffer.span, at: nextOffset - bufferOffset)
        guard Frame.isAllowed(length: length) else { return .forbiddenLength(length) }
        guard remaining - ChainFormat.lengthPrefixSize >= length else { return .endsInsideFrame }
        try fill(ChainFormat.lengthPrefixSize + length)
        recordSize = length
        nextOffset += ChainFormat.lengthPrefixSize + length
        return .frame
    }

    /// Where the record of the current frame stands in ``buffer``.
    package var recordRange: Range<Int> {
        let start = frameOffset + ChainFormat.lengthPrefixSize - bufferOffset
        return start..<(start + recordSize)
    }

    /// Has at least `count` bytes at `nextOffset` in the buffer; the caller knows that the file had them.
    private mutating func fill(_ count: Int) throws(ChainError) {
        let start = nextOffset - bufferOffset
        if start + count <= bufferedCount { return }
        // Keep what is not read yet, at the front.
        let kept = bufferedCount - start
        if buffer.count < count {
            var larger = [UInt8](repeating: 0, count: min(end - nextOffset, count + Self.chunkSize))
            larger.replaceSubrange(0..<kept, with: buffer[start..<bufferedCount])
            buffer = larger
        } else if start > 0 {
            unsafe buffer.withUnsafeMutableBytes { bytes in
                unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[0..<kept]).copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: bytes[start..<(start + kept)]))
            }
        }
        bufferOffset = nextOffset
        bufferedCount = kept
        let wanted = min(buffer.count, end - nextOffset) - kept
        let (file, offset) = (file, nextOffset + kept)
        let outcome: Result<Int, ChainError> = unsafe buffer.withUnsafeMutableBytes { bytes in
            do throws(ChainError) {
                let free = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[kept..<(kept + wanted)])
                return .success(try unsafe file.read(into: free, at: offset))
            } catch {
                return .failure(error)
            }
        }
        bufferedCount += try outcome.get()
        guard bufferedCount >= count else {
            throw ChainError(
                .inputOutput, "the file became shorter while it was read", path: file.path, offset: nextOffset)
        }
    }
}
