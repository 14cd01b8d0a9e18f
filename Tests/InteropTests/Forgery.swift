import AttestationChain
import ChainRecord
import Testing

/// Chains that this project's writer would not write.
enum Forgery {
    /// chain.bin of a chain whose records from `index` on, correct in everything else, are a stranger's.
    static func strangerTakesOver(_ path: String, owner: SharedKey, stranger: SharedKey, at index: Int) throws
        -> [UInt8]
    {
        var writer = try ChainWriter(creating: path, signer: owner.signing)
        try writer.append(contentsOf: (1..<index).map { Samples.draft("\($0)") })
        var previous = writer.headHash
        try writer.close()
        let chain = try Chain(opening: path)
        var bytes = try chain.records(in: 0..<index).flatMap { frame($0.bytes) }
        for position in index..<(index + 3) {
            let unsigned = try UnsignedRecord(
                Samples.draft("\(position)"), recordID: chain.record(at: 0).recordID, chainIndex: position,
                previousHash: previous, claimedTimestamp: 0, witnesses: EntropyWitnesses(), signer: stranger.publicKey)
            bytes += unsigned.frame(signature: stranger.signing.signature(for: unsigned.signedBytes.span))
            previous = unsigned.recordHash
        }
        return bytes
    }

    /// chain.bin with bytes added behind the last record, and counted by its frame's length.
    static func padLastFrame(_ path: String, with padding: [UInt8]) throws -> [UInt8] {
        let chain = try Chain(opening: path)
        let head = try #require(try chain.head())
        return try chain.records(in: 0..<head.index).flatMap { frame($0.bytes) } + frame(head.bytes + padding)
    }

    private static func frame(_ record: [UInt8]) -> [UInt8] {
        unsafe withUnsafeBytes(of: UInt32(record.count).bigEndian) { unsafe Array($0) } + record
    }
}
