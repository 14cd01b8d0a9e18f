public import ChainCrypto
public import DeterministicCBOR

/// One record, as it stands in a chain: well-formed, and nothing more. Whether it belongs where it stands, and whether
/// its signature holds, is what verifying says.
public struct Record: Sendable {
    /// The record's bytes, without the length prefix.
    public let bytes: [UInt8]
    package let layout: RecordLayout
    /// Offset of the record's frame in chain.bin.
    public let offset: Int
    /// SHA-256 of the signed bytes: what the next record's ``previousHash`` must be.
    public let recordHash: Hash256

    package init(_ bytes: [UInt8], at offset: Int) throws(RecordError) {
        let layout = try RecordLayout(parsing: bytes.span)
        self.init(bytes, layout, at: offset)
    }

    package init(_ bytes: [UInt8], _ layout: RecordLayout, at offset: Int) {
        self.bytes = bytes
        self.layout = layout
        self.offset = offset
        recordHash = layout.recordHash(in: bytes.span)
    }

    /// Position in the chain, 0 for the first record.
    public var index: Int { layout.chainIndex }
    /// The 16 bytes of the record's UUID.
    public var recordID: [UInt8] { Array(bytes[layout.recordIDOffset..<(layout.recordIDOffset + UUIDv7.size)]) }
    /// The UUID as text.
    public var recordIDText: String { UUIDv7.text(Hex.encode(recordID)) }
    /// Record hash of the record before; 32 zero bytes in the first.
    public var previousHash: Hash256 { layout.previousHash(in: bytes.span) }
    /// SHA-256 of the attested content.
    public var contentHash: Hash256 { layout.contentHash(in: bytes.span) }
    /// What the content is. Hostile text: escape it for the place where it is shown.
    public var contentType: String { CBORCursor.string(layout.contentType, of: bytes.span) }
    /// A map with text keys. Decoded on each use. O(bytes).
    public var metadata: CBORValue { layout.metadataValue(in: bytes.span) }
    /// The content, when the record carries it.
    public var content: [UInt8]? { layout.content.map { Array(bytes[$0]) } }
    /// Microseconds since the Unix epoch: the signer's claim, not trusted time.
    public var claimedTimestamp: Int64 { layout.claimedTimestamp }
    /// Circumstantial evidence; see docs/format.md. Decoded on each use. O(bytes).
    public var entropyWitnesses: CBORValue { RecordLayout.value(layout.entropyWitnesses, in: bytes.span) }
    /// The key that the record names as its signer's.
    public var signer: PublicKey { layout.signer(in: bytes.span) }
    /// 64 bytes of Ed25519 signature.
    public var signature: [UInt8] { Array(bytes[layout.signatureOffset...]) }

    /// The genesis record's content, when this is one.
    public var genesis: Genesis? {
        guard contentType.utf8.elementsEqual(ContentType.genesis.utf8), let content = layout.content else { return nil }
        return try? Genesis(decoding: bytes.span.extracting(content))
    }
}

extension Record {
    /// The key that a rotation record names; nil for other types and malformed keys.
    public var rotatesTo: PublicKey? {
        guard contentType.utf8.elementsEqual(ContentType.keyRotation.utf8) else { return nil }
        return metadata[MetadataKey.newPublicKey]?.textValue.flatMap { PublicKey($0) }
    }
}

extension RecordLayout {
    package func metadataValue(in bytes: Span<UInt8>) -> CBORValue {
        Self.value(metadata, in: bytes)
    }

    /// Entropy witness 4: the first record of the write that this one was part of.
    func writeStart(in bytes: Span<UInt8>) -> Int? {
        var cursor = CBORCursor(at: entropyWitnesses.lowerBound)
        let item = Self.value(of: [], orUnsigned: EntropyWitnesses.writeStartKey, &cursor, in: bytes)
        guard let item, item.kind == .unsigned else { return nil }
        return Int(exactly: item.value)
    }

    /// The head of the value under a text key of the metadata, in place: a record may hold a million items, and judging
    /// it must not build a tree of them.
    func metadataItem(_ name: [UInt8], in bytes: Span<UInt8>) -> CBORItem? {
        var cursor = CBORCursor(at: metadata.lowerBound)
        return Self.value(of: name, orUnsigned: nil, &cursor, in: bytes)
    }

    /// Walks a map that parsing has found to be sound, up to the value under a text key or an unsigned one.
    private static func value(
        of text: [UInt8], orUnsigned number: UInt64?, _ cursor: inout CBORCursor, in bytes: Span<UInt8>
    ) -> CBORItem? {
        do throws(CBORError) {
            let map = try cursor.next(in: bytes)
            for _ in 0..<map.value {
                let key = try cursor.next(in: bytes)
                let value = try cursor.next(in: bytes)
                if key.kind == .unsigned ? key.value == number : key.isText(text, in: bytes) { return value }
                try cursor.skipContent(of: value, in: bytes, depth: 0)
            }
        } catch {
            preconditionFailure("a parsed record's maps can be walked: \(error)")
        }
        return nil
    }

    /// Decodes a range that parsing has found to be sound.
    static func value(_ range: Range<Int>, in bytes: Span<UInt8>) -> CBORValue {
        do throws(CBORError) {
            return try CBORValue.decode(bytes.extracting(range))
        } catch {
            preconditionFailure("a parsed record's maps decode: \(error)")
        }
    }
}
