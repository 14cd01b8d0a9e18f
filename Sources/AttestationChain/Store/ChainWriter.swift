public import ChainCrypto
public import ChainRecord
internal import DeterministicCBOR

/// Appends to a chain. It holds the chain's lock from opening to closing; one place owns it.
///
///     var writer = try ChainWriter(opening: "evidence", signer: key, lock: .wait(upTo: .seconds(5)))
///     let appended = try writer.append(RecordDraft(contentHash: hash, contentType: "image/jpeg"))
///     try writer.close()
///
/// Each append has one of three outcomes. It returned: the records are on disk. It threw ``ChainError/Code/notCommitted``
/// (or refused before writing): the chain is as it was. It threw ``ChainError/Code/unknownOutcome``: nobody can know, and
/// the writer refuses further work.
///
/// Not closing it loses nothing: the next opening reads the records behind the last checkpoint again.
public struct ChainWriter: ~Copyable {
    private let core: WriterCore
    /// Who signs the next record.
    public private(set) var signer: SigningKey

    /// Opens an existing chain. Mends what a crash has left (see ``recovery``). With a good state.cbor this reads the
    /// head and what is behind it, however long the chain is; without one it reads the chain.
    ///
    /// - Parameters:
    ///   - path: the chain's directory.
    ///   - signer: who will sign. Must be the key that may sign next.
    ///   - lock: what to do while another writer has the chain.
    /// - Throws: ``ChainError``, notably `notFound`, `locked`, `lockedByThisProcess`, `damaged`, `rolledBack`,
    ///   `unauthorizedSigner`.
    public init(opening path: String, signer: SigningKey, lock: LockWait = .fail) throws(ChainError) {
        try self.init(
            opening: path, signer: signer, lock: lock, system: PosixSystem(), environment: MachineEnvironment())
    }

    package init(
        opening path: String, signer: SigningKey, lock: LockWait, system: any SystemCalls,
        environment: any WriterEnvironment
    ) throws(ChainError) {
        core = try WriterCore(
            opening: path, expecting: signer.publicKey, wait: lock, system: system, environment: environment)
        self.signer = signer
    }

    /// Begins a chain: the directory, when it is missing, and a genesis record that requires rotations to be proven.
    ///
    /// - Throws: ``ChainError``, notably `alreadyExists`, and `rolledBack` when there is a state.cbor without a chain.
    public init(creating path: String, signer: SigningKey, name: String? = nil) throws(ChainError) {
        try self.init(
            creating: path, signer: signer, name: name, system: PosixSystem(), environment: MachineEnvironment())
    }

    package init(
        creating path: String, signer: SigningKey, name: String?, system: any SystemCalls,
        environment: any WriterEnvironment
    ) throws(ChainError) {
        core = try WriterCore(creating: path, signer: signer, name: name, system: system, environment: environment)
        self.signer = signer
    }

    /// Appends one record and returns when it is on disk. One write, one fdatasync.
    ///
    /// - Throws: ``ChainError``: `invalidRecord`, `unauthorizedSigner`, `notCommitted`, `unknownOutcome`,
    ///   `writerUnusable`.
    @discardableResult
    public mutating func append(_ draft: RecordDraft) throws(ChainError) -> AppendedRecord {
        let records = try core.append([draft], signer: signer)
        guard let record = records.first else { preconditionFailure("one draft makes one record") }
        return record
    }

    /// Appends many records with one fdatasync for each MiB, and returns when all are on disk.
    ///
    /// - Throws: as ``append(_:)``. A batch is not all or nothing: ``ChainError/committed`` lists the records that are on
    ///   disk all the same.
    @discardableResult
    public mutating func append(contentsOf drafts: [RecordDraft]) throws(ChainError) -> [AppendedRecord] {
        try core.append(drafts, signer: signer)
    }

    /// Hands the chain over to a new key, which signs from the next record on. The current key's last record.
    ///
    /// - Throws: ``ChainError`` with `invalidRecord` when the new key was a key of this chain before.
    @discardableResult
    public mutating func rotate(to newKey: SigningKey) throws(ChainError) -> AppendedRecord {
        let oldKey = signer.publicKey
        let draft = RecordDraft(
            contentHash: newKey.publicKey.fingerprint, contentType: ContentType.keyRotation,
            metadata: [(key: MetadataKey.newPublicKey, value: .text(newKey.publicKey.description))])
        let records = try core.append([draft], signer: signer) { draft, previousHash in
            var draft = draft
            let proof = KeyRotation.proof(previousHash: previousHash, oldKey: oldKey, newKey: newKey)
            draft.metadata.append((key: MetadataKey.newKeyProof, value: .bytes(proof)))
            return draft
        }
        signer = newKey
        guard let record = records.first else { preconditionFailure("one draft makes one record") }
        return record
    }

    /// Writes state.cbor and releases the lock, so that others can write; what is known is kept.
    ///
    /// - Throws: ``ChainError`` when state.cbor could not be written. The lock is released all the same.
    public mutating func suspend() throws(ChainError) {
        try core.suspend()
    }

    /// Takes the lock again, and reads only the records that others have appended since ``suspend()``.
    public mutating func resume(lock: LockWait = .fail) throws(ChainError) {
        try core.resume(wait: lock)
    }

    /// Writes state.cbor and releases the lock.
    ///
    /// - Throws: ``ChainError`` when state.cbor could not be written. All records are on disk even then.
    public consuming func close() throws(ChainError) {
        try core.close()
    }

    /// Records in the chain.
    public var count: Int { core.state.recordCount }
    public var chainID: Hash256 { core.state.chainID }
    /// Record hash of the last record.
    public var headHash: Hash256 { core.state.headHash }
    /// What opening, or the last ``resume(lock:)``, had to mend.
    public var recovery: Recovery { core.recovery }
    /// Why the last checkpoint could not be written, if it could not. No record is at risk.
    public var checkpointError: ChainError? { core.checkpointError }

    /// Mends what a crash has left, and does nothing else: keeps a torn tail beside the chain and cuts it off, and puts
    /// an unusable state.cbor aside. Needs no key.
    public static func repair(_ path: String, lock: LockWait = .fail) throws(ChainError) -> Recovery {
        let core = try WriterCore(
            opening: path, expecting: nil, wait: lock, system: PosixSystem(), environment: MachineEnvironment())
        try core.close()
        return core.recovery
    }
}
