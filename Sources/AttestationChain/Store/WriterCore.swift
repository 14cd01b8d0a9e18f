internal import ChainCrypto
internal import ChainRecord
internal import DeterministicCBOR

/// The one writer of a chain: holds the lock and what the chain has established, and appends.
///
/// Invariants, while usable: the lock is held; `state.byteLength` is the size of chain.bin; everything up to there is on
/// disk; state.cbor covers no more.
final class WriterCore {
    private let directory: OpenFile
    private let system: any SystemCalls
    private let environment: any WriterEnvironment
    /// Nil while suspended or closed.
    private var lock: ChainLock?
    private(set) var state: ChainState
    private(set) var recovery: Recovery
    /// Set when the writer must not go on, to what the caller is told then.
    private var unusable: String?
    /// What writing the last checkpoint failed with. The records are on disk all the same.
    private(set) var checkpointError: ChainError?
    private var recordsSinceCheckpoint = 0
    private var checkpointedLength: Int

    /// A checkpoint costs two fsyncs, so one every so often: this bounds what opening has to read.
    private static let recordsPerCheckpoint = 4096
    private static let bytesPerCheckpoint = 4 << 20
    /// What goes out with one fsync. As long as a torn tail may be, so that a crash inside a batch leaves one.
    private static let maximumWriteSize = ChainFormat.maximumFrameSize - 1

    /// Opens, locks and mends the chain in `path`.
    ///
    /// - Parameter signer: who must be the one that signs next; nil to mend only.
    convenience init(
        opening path: String, expecting signer: PublicKey?, wait: LockWait, system: any SystemCalls,
        environment: any WriterEnvironment
    ) throws(ChainError) {
        try self.init(path, .readWrite, wait: wait, expecting: signer, system: system, environment: environment)
    }

    /// Makes the directory where it is missing, and begins a chain in it.
    convenience init(
        creating path: String, signer: SigningKey, name: String?, system: any SystemCalls,
        environment: any WriterEnvironment
    ) throws(ChainError) {
        do throws(SystemCallError) {
            try system.makeDirectory(path, permissions: 0o777)
            // The directory's own name must survive a crash as well.
            let parent = try system.open("\(path)/..", in: nil, .directory, permissions: 0)
            defer { system.close(parent) }
            try system.synchronize(parent)
        } catch {
            if error.meaning != .exists { throw ChainError(error, path: path) }
        }
        try self.init(path, .readWriteCreating, wait: .fail, expecting: nil, system: system, environment: environment)
        let content: [UInt8]
        do throws(RecordError) {
            content = try Genesis(name: name).encoded()
        } catch {
            throw ChainError(.invalidRecord, error.message, path: path, index: 0)
        }
        _ = try append([RecordDraft(inline: content, contentType: ContentType.genesis)], signer: signer)
        do throws(SystemCallError) {
            // chain.bin's name, too. A crash before this may leave a directory without it: 'init' works again.
            try system.synchronize(directory.descriptor)
        } catch {
            throw poison("whether the new chain's name reached the disk is not known: \(error)", cause: error)
        }
    }

    /// - Parameter mode: `.readWriteCreating` when a chain without a record is one to begin, not an error.
    private init(
        _ path: String, _ mode: OpenMode, wait: LockWait, expecting signer: PublicKey?, system: any SystemCalls,
        environment: any WriterEnvironment
    ) throws(ChainError) {
        let directory = try Self.openDirectory(path, system: system)
        let lock = try Self.lock(directory, mode, wait: wait)
        let checkpoint = try Checkpoint.read(ChainLocation(directory: path), system: system)
        let survey = try ChainSurvey.opening(lock.file, size: try lock.file.status().size, checkpoint: checkpoint)
        try survey.requireSound(path: lock.file.path)
        if survey.state.recordCount == 0, mode == .readWrite {
            throw ChainError(.empty, "the chain holds no record yet; 'init' begins one", path: lock.file.path)
        }
        // Before anything is mended: whoever has no business here changes no byte.
        if survey.state.recordCount > 0, mode == .readWriteCreating {
            throw ChainError(
                .alreadyExists, "a chain is here already (records: \(survey.state.recordCount))", path: path)
        }
        if let signer, survey.state.authorizedSigner != signer {
            throw ChainError(
                .unauthorizedSigner,
                "key \(signer.fingerprint) may not sign record \(survey.state.recordCount); the chain expects"
                    + " \(survey.state.authorizedSigner?.fingerprint.description ?? "none")", path: path)
        }
        self.system = system
        self.environment = environment
        self.directory = directory
        self.lock = lock
        recovery = try ChainRecovery.prepare(survey, lock.file, in: directory)
        state = survey.state
        checkpointedLength = survey.stateIsUnusable ? 0 : survey.durableLength
        if state.byteLength > checkpointedLength { writeCheckpoint() }
    }

    deinit {
        // Not in a fork, which does not own the lock.
        if lock?.isOwnedByThisProcess == true, unusable == nil, checkpointedLength < state.byteLength {
            writeCheckpoint()
        }
    }

    /// Appends drafts signed by `signer`, in as few fsyncs as their size allows.
    ///
    /// - Parameter prepare: gives each draft its last touch, knowing the hash of the record before it.
    func append(
        _ drafts: [RecordDraft], signer: SigningKey,
        prepare: (RecordDraft, _ previousHash: Hash256) -> RecordDraft = { draft, _ in draft }
    ) throws(ChainError) -> [AppendedRecord] {
        let file = try usableFile()
        let status = try file.status()
        guard status.size == state.byteLength else {
            let message = "chain.bin changed its size under the lock: something that does not lock has written to it"
            unusable = message
            throw ChainError(.writerUnusable, "\(message); nothing was appended", path: file.path, offset: status.size)
        }
        var committed: [AppendedRecord] = []
        var group = Group(state: state)
        let witnesses = environment.witnesses(of: status)
        for draft in drafts {
            let time = environment.now()
            let recordID = UUIDv7.make(microseconds: time, random: environment.randomBytes(10))
            // Signing knows the write that the record goes out with; one that no longer fits begins the next.
            func finish(_ group: Group) throws(ChainError) -> (frame: [UInt8], next: ChainState) {
                var witnesses = witnesses
                if drafts.count > 1 { witnesses.writeStart = state.recordCount }
                let unsigned: UnsignedRecord
                do throws(RecordError) {
                    unsigned = try UnsignedRecord(
                        prepare(draft, group.state.headHash), recordID: recordID, chainIndex: group.state.recordCount,
                        previousHash: group.state.headHash, claimedTimestamp: time, witnesses: witnesses,
                        signer: signer.publicKey)
                } catch {
                    throw ChainError(.invalidRecord, error.message, path: file.path, index: group.state.recordCount)
                }
                let frame = unsigned.frame(signature: signer.signature(for: unsigned.signedBytes.span))
                var next = group.state
                try Self.admit(frame, into: &next, path: file.path)
                return (frame, next)
            }
            do throws(ChainError) {
                var (frame, next) = try finish(group)
                if group.bytes.count + frame.count > Self.maximumWriteSize, !group.bytes.isEmpty {
                    try commit(&group, to: file, &committed)
                    (frame, next) = try finish(group)
                }
                group.add(frame, next, time: time, contentHash: draft.contentHash)
            } catch {
                throw with(committed, error)
            }
        }
        try commit(&group, to: file, &committed)
        if recordsSinceCheckpoint >= Self.recordsPerCheckpoint
            || state.byteLength - checkpointedLength >= Self.bytesPerCheckpoint
        {
            writeCheckpoint()
        }
        return committed
    }

    /// Writes a checkpoint, releases the lock, and keeps what is known. ``resume(wait:)`` takes it up again.
    func suspend() throws(ChainError) {
        _ = try usableFile()
        if checkpointedLength < state.byteLength { writeCheckpoint() }
        lock = nil
        if let checkpointError { throw checkpointError }
    }

    /// Takes the lock again, and reads only what other writers have appended since.
    func resume(wait: LockWait) throws(ChainError) {
        if let unusable { throw ChainError(.writerUnusable, unusable, path: directory.path) }
        guard lock == nil else { return }
        let lock = try ChainLock(directory, .readWrite, wait: wait)
        let size = try lock.file.status().size
        guard size >= state.byteLength,
            try RecordFile.record(in: lock.file, at: state.headOffset, end: state.byteLength)?.recordHash
                == state.headHash
        else {
            throw ChainError(
                .rolledBack, "the chain no longer holds the record that this writer knew as its head",
                path: lock.file.path,
                offset: state.headOffset, index: state.recordCount - 1)
        }
        let survey = try ChainSurvey(
            from: state, lock.file, size: size, status: .good(bytes: state.byteLength), durableLength: state.byteLength)
        try survey.requireSound(path: lock.file.path)
        recovery = try ChainRecovery.prepare(survey, lock.file, in: directory)
        state = survey.state
        self.lock = lock
        // Whoever wrote in between may have left any state.
        checkpointedLength = 0
    }

    /// Writes a checkpoint and releases the lock.
    func close() throws(ChainError) {
        defer { unusable = "the writer was closed" }
        if lock != nil { try suspend() }
    }

    private func usableFile() throws(ChainError) -> OpenFile {
        if let unusable { throw ChainError(.writerUnusable, unusable, path: directory.path) }
        guard let lock else {
            throw ChainError(.writerUnusable, "the writer is suspended; resume it first", path: directory.path)
        }
        guard lock.isOwnedByThisProcess else {
            throw ChainError(
                .writerUnusable, "this process is a fork of the one that locked the chain; open it anew",
                path: directory.path)
        }
        return lock.file
    }

    private func poison(_ message: String, cause: SystemCallError? = nil) -> ChainError {
        unusable = "the writer stopped: \(message); open the chain again"
        return ChainError(
            .unknownOutcome, "\(message); open the chain again to see", path: lock?.file.path, cause: cause)
    }

    private func with(_ committed: [AppendedRecord], _ error: ChainError) -> ChainError {
        var error = error
        error.committed = committed
        return error
    }

    /// Records that go out with one fsync, and the state behind them.
    private struct Group {
        var state: ChainState
        var bytes: [UInt8] = []
        var records: [AppendedRecord] = []

        init(state: ChainState) { self.state = state }

        mutating func add(_ frame: [UInt8], _ next: ChainState, time: Int64, contentHash: Hash256) {
            records.append(
                AppendedRecord(
                    index: state.recordCount, recordHash: next.headHash, contentHash: contentHash,
                    offset: next.headOffset,
                    size: frame.count, claimedTimestamp: time))
            bytes += frame
            state = next
        }
    }

    /// Judges a finished frame exactly as a verifier will; its signature was made a moment ago.
    private static func admit(_ frame: [UInt8], into state: inout ChainState, path: String) throws(ChainError) {
        let bytes = frame.span.extracting(ChainFormat.lengthPrefixSize..<frame.count)
        let index = state.recordCount
        let findings: [Finding]
        do throws(RecordError) {
            let layout = try RecordLayout(parsing: bytes)
            findings = state.apply(
                ExaminedRecord(layout, bytes, signatureIsValid: true), bytes, at: state.byteLength)
        } catch {
            throw ChainError(.invalidRecord, error.message, path: path, index: index)
        }
        let errors = findings.filter { $0.severity == .error }
        guard let first = errors.first else { return }
        let code: ChainError.Code = errors.contains { $0.rule == .signer } ? .unauthorizedSigner : .invalidRecord
        throw ChainError(code, first.message, path: path, index: index, findings: findings)
    }

    /// Puts a group on disk. The commit point is fdatasync returning 0.
    private func commit(_ group: inout Group, to file: OpenFile, _ committed: inout [AppendedRecord]) throws(ChainError)
    {
        guard !group.bytes.isEmpty else { return }
        let start = state.byteLength
        do throws(SystemCallError) {
            // A crash from here on leaves a torn tail, or whole records that nobody was told of.
            try file.write(group.bytes.span, at: start)
        } catch {
            throw with(committed, undo(to: start, file, after: error))
        }
        do throws(SystemCallError) {
            try system.synchronizeData(file.descriptor)
        } catch {
            // The kernel may have dropped the pages and call them clean: asking again would be answered with a lie, and
            // cutting off might take records that are on disk.
            throw with(committed, poison("whether the append reached the disk is not known: \(error)", cause: error))
        }
        state = group.state
        recordsSinceCheckpoint += group.records.count
        committed += group.records
        group = Group(state: state)
    }

    /// Takes back what a failed write left.
    private func undo(to length: Int, _ file: OpenFile, after error: SystemCallError) -> ChainError {
        do throws(SystemCallError) {
            try system.truncate(file.descriptor, to: length)
            try system.synchronizeData(file.descriptor)
        } catch let undoError {
            return poison("\(error), and taking it back failed too: \(undoError)", cause: error)
        }
        if error.meaning == .input {
            unusable = "the writer stopped after an I/O error; open the chain again"
        }
        return ChainError(
            .notCommitted, "nothing was appended: \(error)", path: file.path, offset: length, cause: error)
    }

    private func writeCheckpoint() {
        guard state.recordCount > 0 else { return }
        do throws(ChainError) {
            try StateFile.write(state, in: directory)
            checkpointedLength = state.byteLength
            recordsSinceCheckpoint = 0
            checkpointError = nil
        } catch {
            // The chain is what counts; the next opening reads a little more.
            checkpointError = error
        }
    }

    private static func lock(
        _ directory: OpenFile, _ mode: OpenMode, wait: LockWait
    ) throws(ChainError) -> ChainLock {
        do throws(ChainError) {
            return try ChainLock(directory, mode, wait: wait)
        } catch {
            guard error.code == .notFound else { throw error }
            throw ChainError(
                .notFound, "no chain here (no \(ChainLocation.chainName)); 'init' begins one", path: directory.path)
        }
    }

    private static func openDirectory(_ path: String, system: any SystemCalls) throws(ChainError) -> OpenFile {
        do throws(ChainError) {
            return try OpenFile(path, .directory, system: system)
        } catch {
            guard error.code == .notFound, let status = try? system.status(of: path, in: nil) else { throw error }
            // ENOTDIR: there is something, and it is not a directory.
            throw ChainError(
                .notAChainFile,
                status.kind == .regular ? "a bare chain file can only be read; give its directory" : "not a directory",
                path: path)
        }
    }
}
