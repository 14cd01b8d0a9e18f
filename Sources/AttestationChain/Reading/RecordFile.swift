internal import ChainRecord

/// Reads single records at known places.
package enum RecordFile {
    /// The record whose frame begins at `offset` and ends by `end`; nil when no well-formed record stands there.
    package static func record(in file: OpenFile, at offset: Int, end: Int) throws(ChainError) -> Record? {
        guard offset >= 0, end - offset > ChainFormat.lengthPrefixSize else { return nil }
        // Most records fit the first read.
        let guess = min(end - offset, ChainFormat.lengthPrefixSize + 1020)
        let start = try file.read(offset..<(offset + guess))
        guard start.count == guess else { return nil }
        let length = Frame.length(in: start.span, at: 0)
        guard Frame.isAllowed(length: length), end - offset >= ChainFormat.lengthPrefixSize + length else { return nil }
        let begin = offset + ChainFormat.lengthPrefixSize
        let bytes: [UInt8]
        if ChainFormat.lengthPrefixSize + length <= guess {
            bytes = Array(start[ChainFormat.lengthPrefixSize..<(ChainFormat.lengthPrefixSize + length)])
        } else {
            bytes = try file.read(begin..<(begin + length))
        }
        guard bytes.count == length else { return nil }
        return try? Record(bytes, at: offset)
    }
}
