internal import ChainCrypto
internal import DeterministicCBOR

/// Where the fields of one record stand in its bytes. Parsing allocates nothing and copies nothing.
package struct RecordLayout: Sendable {
    /// Bytes of the record.
    package let size: Int
    package let chainIndex: Int
    package let claimedTimestamp: Int64
    /// The UTF-8 of content_type, without its head.
    package let contentType: Range<Int>
    /// The whole metadata map.
    package let metadata: Range<Int>
    /// The bytes of `metadata["content"]`, when that is a byte string.
    package let content: Range<Int>?
    /// The whole map of entropy witnesses.
    package let entropyWitnesses: Range<Int>
    package let recordIDOffset: Int
    package let previousHashOffset: Int
    package let contentHashOffset: Int

    package var signerOffset: Int { size - ChainFormat.signaturePairSize - Ed25519.publicKeySize }
    package var signatureOffset: Int { size - Ed25519.signatureSize }

    /// Reads a record. `bytes` are exactly the record, without its length prefix.
    package init(parsing bytes: Span<UInt8>) throws(RecordError) {
        do throws(RecordError) {
            self = try Self.parse(bytes)
        } catch {
            // Broken encoding, wherever it is, is the deeper reason: nothing about such bytes can be believed.
            var cursor = CBORCursor()
            do throws(CBORError) {
                try cursor.skip(in: bytes)
                try Self.checkEnd(cursor, in: bytes)
            } catch let encoding {
                throw RecordError(.encoding(encoding), encoding.description)
            }
            // A sound item that ended before the fields did.
            if case .encoding = error.code { throw RecordError(.record, "pairs are missing") }
            throw error
        }
    }

    private static func checkEnd(_ cursor: CBORCursor, in bytes: Span<UInt8>) throws(CBORError) {
        guard cursor.offset == bytes.count else { throw CBORError(.trailingBytes, at: cursor.offset) }
    }

    private static func parse(_ bytes: Span<UInt8>) throws(RecordError) -> RecordLayout {
        guard bytes.count <= ChainFormat.maximumRecordSize else {
            throw RecordError(.tooLarge, "\(bytes.count) bytes are more than a record may have")
        }
        var fields = FieldReader()
        let map = try fields.next(in: bytes)
        guard map.kind == .map else { throw RecordError(.record, "a record is a map") }

        let version = try fields.field(0, in: bytes)
        guard version.kind == .unsigned else { throw RecordError(.record, "version is not an unsigned integer") }
        guard version.value == ChainFormat.version else {
            throw RecordError(.version, "version is \(version.value), and this reader knows \(ChainFormat.version)")
        }
        guard map.value == ChainFormat.pairCount else {
            throw RecordError(.record, "a record has \(ChainFormat.pairCount) pairs, not \(map.value)")
        }
        let recordID = try fields.byteString(1, "record_id", size: 16, in: bytes)
        let index = try fields.field(2, in: bytes)
        guard index.kind == .unsigned, let chainIndex = Int(exactly: index.value) else {
            throw RecordError(.record, "chain_index is not an unsigned integer below 2^63")
        }
        let previousHash = try fields.byteString(3, "prev_hash", size: 32, in: bytes)
        let contentHash = try fields.byteString(4, "content_hash", size: 32, in: bytes)
        let contentType = try fields.field(5, in: bytes)
        guard contentType.kind == .text, (1...ChainFormat.maximumContentTypeSize).contains(contentType.content.count)
        else { throw RecordError(.record, "content_type is not text of 1 to 255 bytes") }
        let metadata = try fields.metadata(6, in: bytes)
        let timestamp = try fields.field(7, in: bytes)
        guard let claimedTimestamp = Self.integer(timestamp) else {
            throw RecordError(.record, "claimed_ts is not an integer of 64 bits")
        }
        let witnesses = try fields.field(8, in: bytes)
        guard witnesses.kind == .map else { throw RecordError(.record, "entropy_witnesses is not a map") }
        try fields.skipContent(of: witnesses, in: bytes)
        let witnessesEnd = fields.offset
        _ = try fields.byteString(9, "signer_pubkey", size: Ed25519.publicKeySize, in: bytes)
        _ = try fields.byteString(10, "signature", size: Ed25519.signatureSize, in: bytes)
        guard fields.offset == bytes.count else {
            let error = CBORError(.trailingBytes, at: fields.offset)
            throw RecordError(.encoding(error), error.description)
        }
        return RecordLayout(
            size: bytes.count, chainIndex: chainIndex, claimedTimestamp: claimedTimestamp,
            contentType: contentType.content, metadata: metadata.whole, content: metadata.content,
            entropyWitnesses: witnesses.start..<witnessesEnd, recordIDOffset: recordID.lowerBound,
            previousHashOffset: previousHash.lowerBound, contentHashOffset: contentHash.lowerBound)
    }

    private init(
        size: Int, chainIndex: Int, claimedTimestamp: Int64, contentType: Range<Int>, metadata: Range<Int>,
        content: Range<Int>?, entropyWitnesses: Range<Int>, recordIDOffset: Int, previousHashOffset: Int,
        contentHashOffset: Int
    ) {
        self.size = size
        self.chainIndex = chainIndex
        self.claimedTimestamp = claimedTimestamp
        self.contentType = contentType
        self.metadata = metadata
        self.content = content
        self.entropyWitnesses = entropyWitnesses
        self.recordIDOffset = recordIDOffset
        self.previousHashOffset = previousHashOffset
        self.contentHashOffset = contentHashOffset
    }

    private static func integer(_ item: CBORItem) -> Int64? {
        switch item.kind {
        case .unsigned: Int64(exactly: item.value)
        case .negative: Int64(exactly: item.value).map { -1 - $0 }
        default: nil
        }
    }
}

/// Reads the pairs of a record's map in their order.
private struct FieldReader {
    private var cursor = CBORCursor()

    var offset: Int { cursor.offset }

    mutating func next(in bytes: Span<UInt8>) throws(RecordError) -> CBORItem {
        do throws(CBORError) {
            return try cursor.next(in: bytes)
        } catch {
            throw RecordError(.encoding(error), error.description)
        }
    }

    /// Reads a key, which must be `key`, and the head of its value.
    mutating func field(_ key: UInt64, in bytes: Span<UInt8>) throws(RecordError) -> CBORItem {
        let item = try next(in: bytes)
        guard item.kind == .unsigned, item.value == key else {
            throw RecordError(.record, "pair \(key) is missing")
        }
        return try next(in: bytes)
    }

    mutating func byteString(
        _ key: UInt64, _ name: StaticString, size: Int, in bytes: Span<UInt8>
    ) throws(RecordError) -> Range<Int> {
        let item = try field(key, in: bytes)
        guard item.kind == .bytes, item.content.count == size else {
            throw RecordError(.record, "\(name) is not a byte string of \(size)")
        }
        return item.content
    }

    mutating func skipContent(of item: CBORItem, in bytes: Span<UInt8>) throws(RecordError) {
        do throws(CBORError) {
            try cursor.skipContent(of: item, in: bytes, depth: 1)
        } catch {
            throw RecordError(.encoding(error), error.description)
        }
    }

    /// Reads the metadata map, noticing `content` on the way.
    mutating func metadata(
        _ key: UInt64, in bytes: Span<UInt8>
    ) throws(RecordError) -> (whole: Range<Int>, content: Range<Int>?) {
        let map = try field(key, in: bytes)
        guard map.kind == .map else { throw RecordError(.record, "metadata is not a map") }
        var content: Range<Int>?
        var order = CBORKeyOrder()
        do throws(CBORError) {
            for _ in 0..<map.value {
                let key = try cursor.next(in: bytes)
                try order.accept(key, in: bytes)
                guard key.kind == .text else { throw CBORError(.unsupportedKey, at: -1) }
                let value = try cursor.next(in: bytes)
                if value.kind == .bytes, key.isText(MetadataKey.contentUTF8, in: bytes) { content = value.content }
                try cursor.skipContent(of: value, in: bytes, depth: 2)
            }
        } catch {
            // An unsigned key is sound CBOR; it is only metadata that has text keys throughout.
            if error.offset < 0 { throw RecordError(.record, "a metadata key is not text") }
            throw RecordError(.encoding(error), error.description)
        }
        return (map.start..<cursor.offset, content)
    }
}

/// Metadata keys with a meaning in format version 1.
package enum MetadataKey {
    /// Content carried inside the record.
    package static let content = "content"
    static let contentUTF8 = Array(content.utf8)
    package static let newPublicKey = "new_pubkey"
    static let newPublicKeyUTF8 = Array(newPublicKey.utf8)
    package static let newKeyProof = "new_key_proof"
    static let newKeyProofUTF8 = Array(newKeyProof.utf8)
}
