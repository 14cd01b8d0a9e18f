/// The length prefix, and where a frame ends. Every reader and writer asks here.
package enum Frame {
    /// The length that the 4 bytes at `offset` say, whether or not a frame may have it.
    package static func length(in bytes: Span<UInt8>, at offset: Int) -> Int {
        var length = 0
        for index in 0..<ChainFormat.lengthPrefixSize { length = length << 8 | Int(bytes[offset + index]) }
        return length
    }

    package static func isAllowed(length: Int) -> Bool {
        length >= 1 && length <= ChainFormat.maximumRecordSize
    }

    package static func appendLength(_ length: Int, to bytes: inout [UInt8]) {
        precondition(isAllowed(length: length), "a record has 1 to 1,048,576 bytes")
        for shift in stride(from: 24, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: length >> shift)) }
    }
}
