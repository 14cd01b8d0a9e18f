internal import AttestationChain

extension JSON {
    /// A record, as `export`, `log` and `show` print it.
    init(_ record: Record) {
        self = [
            "index": JSON(record.index),
            "record_hash": JSON(record.recordHash),
            "record_id": JSON(record.recordIDText),
            "content_hash": JSON(record.contentHash),
            "content_type": .string(record.contentType),
            "metadata": CBORJSON.json(record.metadata),
            "claimed_ts": .integer(record.claimedTimestamp),
            "claimed_at": JSON(Timestamp(microseconds: record.claimedTimestamp).text),
            "entropy_witnesses": CBORJSON.json(record.entropyWitnesses),
            "signer": JSON(record.signer),
            "signature": .string(Hex.encode(record.signature)),
            "prev_hash": JSON(record.previousHash),
            "offset": JSON(record.offset),
            "size": JSON(record.frameSize),
        ]
    }
}

extension Record {
    /// Bytes of the record's frame in chain.bin.
    var frameSize: Int { bytes.count + 4 }

    /// What people call what the record is about: a file's name, a chain's, or a key's.
    var name: String? {
        if let name = metadata["name"]?.textValue { return name }
        if let name = genesis?.name { return name }
        return rotatesTo.map { "to \($0.fingerprint.short)" }
    }
}

extension Hash256 {
    /// Enough of a fingerprint to tell a few keys apart.
    var short: String { String(description.prefix(8)) }
}
