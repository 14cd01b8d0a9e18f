public import ChainCrypto
internal import DeterministicCBOR

/// A key and the first record it could sign.
public struct SignerEpoch: Sendable, Hashable {
    public let key: PublicKey
    /// Index of the first record that this key was authorized for.
    public let firstIndex: Int

    package init(key: PublicKey, firstIndex: Int) {
        self.key = key
        self.firstIndex = firstIndex
    }
}

/// What a chain has established so far, and the only judge of which record may come next.
///
/// Writer, reader, verifier and importer all call ``apply(_:_:at:)``: a record that would not verify is never written.
///
/// Invariants: `recordCount == 0` exactly when `signers` is empty; `signers` ascend in `firstIndex` and no key occurs in
/// them twice; the last of them may sign the next record.
package struct ChainState: Sendable {
    /// Records so far, and so the index of the next one.
    package private(set) var recordCount = 0
    /// Record hash of the last record; 32 zero bytes before the first.
    package private(set) var headHash = Hash256.zero
    /// Offset of the last record's frame.
    package private(set) var headOffset = 0
    /// End of the last record's frame.
    package private(set) var byteLength = 0
    /// Record hash of the first record; 32 zero bytes before it.
    package private(set) var chainID = Hash256.zero
    package private(set) var createdAt: Int64 = 0
    package private(set) var lastAppendAt: Int64 = 0
    package private(set) var signers: [SignerEpoch] = []
    /// The keys of `signers`, for finding one in O(1).
    private var usedKeys: Set<PublicKey> = []
    package private(set) var requiresRotationProof = false

    package init() {}

    /// Restores what a checkpoint says; nil when it contradicts itself. The caller compares it with the chain.
    package init?(
        recordCount: Int, headHash: Hash256, headOffset: Int, byteLength: Int, chainID: Hash256, createdAt: Int64,
        lastAppendAt: Int64, signers: [SignerEpoch], requiresRotationProof: Bool
    ) {
        let usedKeys = Set(signers.map(\.key))
        let ascending = zip(signers, signers.dropFirst()).allSatisfy { $0.firstIndex < $1.firstIndex }
        guard recordCount > 0, headOffset >= 0, byteLength > headOffset, signers.first?.firstIndex == 0, ascending,
            usedKeys.count == signers.count, let last = signers.last, last.firstIndex <= recordCount,
            signers.count <= ChainFormat.maximumRotationCount + 1
        else { return nil }
        self.recordCount = recordCount
        self.headHash = headHash
        self.headOffset = headOffset
        self.byteLength = byteLength
        self.chainID = chainID
        self.createdAt = createdAt
        self.lastAppendAt = lastAppendAt
        self.signers = signers
        self.usedKeys = usedKeys
        self.requiresRotationProof = requiresRotationProof
    }

    /// The key that may sign the next record; nil before the first.
    package var authorizedSigner: PublicKey? { signers.last?.key }

    /// Judges the record whose frame begins at `offset` as the next one, and takes it in.
    ///
    /// It is taken in even when rules are broken, so that what follows can still be looked at; but a record that breaks
    /// a rule changes no key. A caller that must not accept it drops the state. Amortized O(1) in the length of the chain.
    ///
    /// - Returns: the rules it breaks, and warnings; empty for nearly every record, which allocates nothing.
    package mutating func apply(_ record: ExaminedRecord, _ bytes: Span<UInt8>, at offset: Int) -> [Finding] {
        let layout = record.layout
        let index = recordCount
        var report = Report(index: index, offset: offset)

        if layout.chainIndex != index {
            report.error(.index, "chain_index is \(layout.chainIndex) in record \(index)")
        }
        if layout.previousHash(in: bytes) != headHash {
            report.error(
                .link,
                index == 0
                    ? "prev_hash of the first record is not zero"
                    : "prev_hash is not the hash of record \(index - 1)")
        }
        if !record.contentMatches {
            report.error(.content, "the content in the record does not hash to content_hash")
        }
        if record.signatureIsValid == false {
            report.error(.signature, "the signature is not that of the record's signer")
        }
        let signer = layout.signer(in: bytes)
        if index == 0 {
            if !signer.isPrimeOrderPoint {
                report.error(.genesisKey, "the first record's key \(signer) is not a point of the prime-order group")
            }
        } else if signer != authorizedSigner {
            report.error(.signer, "signed by \(signer.fingerprint), who may not sign here")
        }
        if !UUIDv7.isValid(bytes.extracting(layout.recordIDOffset..<(layout.recordIDOffset + UUIDv7.size))) {
            report.warning(.recordID, "record_id is not a UUIDv7")
        }

        var newKey: PublicKey?
        var demandsProof = false
        if layout.hasContentType(Self.rotationType, in: bytes) {
            newKey = judgeRotation(layout, bytes, currentKey: authorizedSigner ?? signer, &report)
        } else if layout.hasContentType(Self.genesisType, in: bytes) {
            demandsProof = judgeGenesis(layout, bytes, &report)
        } else if layout.startsWithContentType(Self.reservedPrefix, in: bytes) {
            report.warning(.unknownType, "type \(CBORCursor.string(layout.contentType, of: bytes)) is not known here")
        }

        if index == 0 {
            chainID = record.recordHash
            createdAt = layout.claimedTimestamp
            signers = [SignerEpoch(key: signer, firstIndex: 0)]
            usedKeys = [signer]
            requiresRotationProof = demandsProof
        }
        if let newKey, !report.hasErrors {
            signers.append(SignerEpoch(key: newKey, firstIndex: index + 1))
            usedKeys.insert(newKey)
        }
        recordCount += 1
        headHash = record.recordHash
        headOffset = offset
        byteLength = offset + ChainFormat.lengthPrefixSize + layout.size
        lastAppendAt = layout.claimedTimestamp
        return report.findings
    }

    private static let rotationType = Array(ContentType.keyRotation.utf8)
    private static let genesisType = Array(ContentType.genesis.utf8)
    private static let reservedPrefix = Array(ContentType.reservedPrefix.utf8)

    /// The findings about one record. An empty array of them allocates nothing.
    private struct Report {
        let index: Int
        let offset: Int
        private(set) var findings: [Finding] = []
        private(set) var hasErrors = false

        init(index: Int, offset: Int) {
            self.index = index
            self.offset = offset
        }

        mutating func error(_ rule: Finding.Rule, _ message: String) {
            findings.append(Finding(rule, index: index, offset: offset, message))
            hasErrors = true
        }

        mutating func warning(_ rule: Finding.Rule, _ message: String) {
            findings.append(Finding(rule, severity: .warning, index: index, offset: offset, message))
        }
    }

    /// The new key that a rotation names, when it is one that may follow.
    private func judgeRotation(
        _ layout: RecordLayout, _ bytes: Span<UInt8>, currentKey: PublicKey, _ report: inout Report
    ) -> PublicKey? {
        let named = layout.metadataItem(MetadataKey.newPublicKeyUTF8, in: bytes)
        guard let named, named.kind == .text, named.content.count == 2 * Ed25519.publicKeySize,
            let newKey = PublicKey(CBORCursor.string(named.content, of: bytes))
        else {
            report.error(.rotationKey, "new_pubkey is not 64 lower-case hexadecimal digits")
            return nil
        }
        if !newKey.isPrimeOrderPoint {
            report.error(.rotationKey, "the new key \(newKey) is not a point of the prime-order group")
        }
        if usedKeys.contains(newKey) || newKey == currentKey {
            report.error(.rotationReuse, "the new key \(newKey) was already a key of this chain")
        }
        if newKey.fingerprint != layout.contentHash(in: bytes) {
            report.error(.rotationContent, "content_hash is not that of the new key")
        }
        if signers.count > ChainFormat.maximumRotationCount {
            report.error(.rotationLimit, "a chain has at most \(ChainFormat.maximumRotationCount) rotations")
        }
        if let proof = layout.metadataItem(MetadataKey.newKeyProofUTF8, in: bytes) {
            let message = KeyRotation.proofMessage(
                previousHash: layout.previousHash(in: bytes), oldKey: currentKey, newKey: newKey)
            let holds =
                proof.kind == .bytes && newKey.isValidSignature(bytes.extracting(proof.content), for: message.span)
            if !holds { report.error(.rotationProof, "new_key_proof is not the new key's signature") }
        } else if requiresRotationProof {
            report.error(.rotationProof, "new_key_proof is missing, and this chain requires it")
        } else {
            report.warning(.rotationProof, "new_key_proof is missing: nothing shows that the new key's owner agreed")
        }
        return newKey
    }

    /// Whether a genesis record demands proofs of rotations.
    private func judgeGenesis(_ layout: RecordLayout, _ bytes: Span<UInt8>, _ report: inout Report) -> Bool {
        if recordCount != 0 {
            report.error(.genesis, "a genesis record can only be the first")
            return false
        }
        guard let content = layout.content else {
            report.error(.genesis, "a genesis record carries its content")
            return false
        }
        do {
            return try Genesis(decoding: bytes.extracting(content)).requiresRotationProof
        } catch {
            report.error(.genesis, error.message)
            return false
        }
    }
}
