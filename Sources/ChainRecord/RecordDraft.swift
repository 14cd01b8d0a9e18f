public import ChainCrypto
public import DeterministicCBOR

/// What a caller wants attested; the writer adds index, link, time, witnesses, key and signature.
public struct RecordDraft: Sendable {
    /// SHA-256 of the attested content.
    public var contentHash: Hash256
    /// What the content is: 1 … 255 bytes of UTF-8, such as `image/jpeg`.
    public var contentType: String
    /// Pairs with text keys, in any order.
    public var metadata: [(key: String, value: CBORValue)]

    /// Attests content that lives elsewhere.
    public init(contentHash: Hash256, contentType: String, metadata: [(key: String, value: CBORValue)] = []) {
        self.contentHash = contentHash
        self.contentType = contentType
        self.metadata = metadata
    }

    /// Attests content and carries it inside the record, under the metadata key `content`. O(content).
    public init(inline content: [UInt8], contentType: String, metadata: [(key: String, value: CBORValue)] = []) {
        contentHash = SHA256.hash(content)
        self.contentType = contentType
        self.metadata = metadata + [(key: MetadataKey.content, value: .bytes(content))]
    }
}

/// A record with everything but its signature.
package struct UnsignedRecord: Sendable {
    /// The signed bytes: the map of 10 pairs, beginning with `AA`.
    package let signedBytes: [UInt8]
    /// Computed on each use: the writer takes the hash that admitting the finished record computes anyway. O(bytes).
    package var recordHash: Hash256 { SHA256.hash(signedBytes) }

    /// Encodes a record. O(bytes).
    ///
    /// - Throws: ``RecordError`` when the metadata cannot be encoded, the type is empty or too long, or the record would
    ///   be larger than 1,048,576 bytes.
    package init(
        _ draft: RecordDraft, recordID: [UInt8], chainIndex: Int, previousHash: Hash256, claimedTimestamp: Int64,
        witnesses: EntropyWitnesses, signer: PublicKey
    ) throws(RecordError) {
        precondition(recordID.count == UUIDv7.size && chainIndex >= 0)
        guard (1...ChainFormat.maximumContentTypeSize).contains(draft.contentType.utf8.count) else {
            throw RecordError(.record, "the content type has \(draft.contentType.utf8.count) bytes, not 1 to 255")
        }
        var encoder = CBOREncoder(reserving: 256)
        encoder.map(count: Int(ChainFormat.pairCount) - 1)
        encoder.unsigned(0)
        encoder.unsigned(ChainFormat.version)
        encoder.unsigned(1)
        encoder.bytes(recordID)
        encoder.unsigned(2)
        encoder.unsigned(UInt64(chainIndex))
        encoder.unsigned(3)
        encoder.bytes(previousHash.bytes)
        encoder.unsigned(4)
        encoder.bytes(draft.contentHash.bytes)
        encoder.unsigned(5)
        encoder.text(draft.contentType)
        encoder.unsigned(6)
        do throws(CBORError) {
            try encoder.value(.map(draft.metadata.map { (key: .text($0.key), value: $0.value) }), depth: 1)
        } catch {
            throw RecordError(.unencodable(error), "metadata cannot be encoded: \(error)")
        }
        encoder.unsigned(7)
        encoder.integer(claimedTimestamp)
        encoder.unsigned(8)
        witnesses.encode(into: &encoder)
        encoder.unsigned(9)
        encoder.bytes(signer.bytes)
        let size = encoder.bytes.count + ChainFormat.signaturePairSize
        guard size <= ChainFormat.maximumRecordSize else {
            throw RecordError(
                .tooLarge, "the record would have \(size) bytes; at most \(ChainFormat.maximumRecordSize) are allowed")
        }
        signedBytes = encoder.bytes
    }

    /// The record's frame: length, then the record with `signature` (64 bytes) as its pair 10.
    package func frame(signature: [UInt8]) -> [UInt8] {
        precondition(signature.count == Ed25519.signatureSize && signedBytes.first == ChainFormat.signedMapHead)
        let size = signedBytes.count + ChainFormat.signaturePairSize
        var frame: [UInt8] = []
        frame.reserveCapacity(ChainFormat.lengthPrefixSize + size)
        Frame.appendLength(size, to: &frame)
        frame.append(ChainFormat.recordMapHead)
        frame.append(contentsOf: signedBytes.dropFirst())
        frame.append(contentsOf: ChainFormat.signaturePairPrefix)
        frame.append(contentsOf: signature)
        return frame
    }
}
