/// Chain format version 1 in numbers. docs/format.md is the text; writer, reader and salvage share these constants.
///
///     chain.bin = frame*
///     frame     = length ‖ record          length: 4 bytes, big-endian, 1 … 1,048,576
///     record    = AB … 09 58 20 ‖ signer ‖ 0A 58 40 ‖ signature
///     signed    = AA … 09 58 20 ‖ signer            what is signed, and what record hashes are taken of
package enum ChainFormat {
    package static let version: UInt64 = 1
    package static let lengthPrefixSize = 4
    package static let maximumRecordSize = 1_048_576
    /// The largest frame, and so the largest torn tail is one byte less.
    package static let maximumFrameSize = lengthPrefixSize + maximumRecordSize
    /// What precedes the 64 bytes of the signature: key 10 and the head of a 64-byte string.
    package static let signaturePairPrefix: [UInt8] = [0x0A, 0x58, 0x40]
    /// Bytes of a record that its signature does not cover: all of pair 10.
    package static let signaturePairSize = 67
    package static let recordMapHead: UInt8 = 0xAB
    package static let signedMapHead: UInt8 = 0xAA
    package static let pairCount: UInt64 = 11
    package static let maximumContentTypeSize = 255
    /// Rotations in one chain, so that the keys of any chain fit in memory.
    package static let maximumRotationCount = 65_535
    /// The block that a crash keeps from the disk as a whole.
    package static let diskBlockSize = 512
}
