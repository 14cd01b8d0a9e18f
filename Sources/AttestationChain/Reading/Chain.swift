public import ChainCrypto
public import ChainRecord
internal import DeterministicCBOR
internal import Synchronization

/// A chain, open for reading. Takes no lock and writes nothing; safe to share between tasks.
///
///     let chain = try Chain(opening: "evidence")
///     for record in try chain.records(in: 10..<20) { print(record.contentHash) }
///
/// It shows the chain as it was when it was opened, or at the last ``refresh()``. A record that another process is writing
/// at that moment is not in it yet: that is ``Tail/torn(bytes:)``, not an error.
///
/// Opening establishes the links and who may sign, not each record's signature: that is ``verify(expecting:signatures:range:progress:)``.
public final class Chain: Sendable {
    /// The path that was opened.
    public let path: String
    private let file: OpenFile
    private let snapshot: Mutex<Snapshot>

    private struct Snapshot: Sendable {
        var survey: ChainSurvey
        var index = OffsetIndex()
    }

    /// Opens a chain directory or a bare chain file.
    ///
    /// With a good state.cbor this reads two records and what is behind the state, however long the chain is; without one
    /// it reads the chain.
    ///
    /// - Parameter allowingDamage: open a damaged or cut chain all the same, up to where its records hold. ``damage`` and
    ///   ``conflict`` then say what is wrong: look at them.
    /// - Throws: ``ChainError``, notably `notFound`, `notAChainFile`, `damaged`, `rolledBack`.
    public convenience init(opening path: String, allowingDamage: Bool = false) throws(ChainError) {
        try self.init(opening: path, allowingDamage: allowingDamage, system: PosixSystem())
    }

    package init(opening path: String, allowingDamage: Bool = false, system: any SystemCalls) throws(ChainError) {
        self.path = path
        let location = try ChainLocation(reading: path, system: system)
        // The state first: it never covers more than a file whose size is taken later.
        let checkpoint = try Checkpoint.read(location, system: system)
        let (file, status) = try location.openChain(system: system)
        let survey = try ChainSurvey.opening(file, size: status.size, checkpoint: checkpoint)
        if !allowingDamage { try survey.requireSound(path: file.path) }
        self.file = file
        snapshot = Mutex(Snapshot(survey: survey))
    }

    private var state: ChainState { snapshot.withLock { $0.survey.state } }

    /// Records in the chain.
    public var count: Int { state.recordCount }
    /// Record hash of the first record; nil for an empty chain.
    public var chainID: Hash256? {
        let state = state
        return state.recordCount == 0 ? nil : state.chainID
    }
    /// Record hash of the last record; nil for an empty chain.
    public var headHash: Hash256? {
        let state = state
        return state.recordCount == 0 ? nil : state.headHash
    }
    /// Bytes of chain.bin that are records.
    public var byteLength: Int { state.byteLength }
    /// Every key the chain has had, in order. The last one may sign next.
    public var signers: [SignerEpoch] { state.signers }
    public var tail: Tail { snapshot.withLock { $0.survey.tail } }
    /// What state.cbor was good for.
    public var stateStatus: StateStatus { snapshot.withLock { $0.survey.stateStatus } }
    /// What is wrong behind the records that hold. Always empty unless damage was allowed.
    public var damage: [Finding] { snapshot.withLock { $0.survey.damage } }
    /// What state.cbor says and the chain does not bear out. Always nil unless damage was allowed.
    public var conflict: Finding? { snapshot.withLock { $0.survey.conflict } }

    /// What opening would have thrown, had damage not been allowed; nil for a chain that holds.
    public var problem: ChainError? {
        let survey = snapshot.withLock { $0.survey }
        do throws(ChainError) {
            try survey.requireSound(path: file.path)
            return nil
        } catch {
            return error
        }
    }

    /// The last record; nil for an empty chain. Reads one record.
    public func head() throws(ChainError) -> Record? {
        let state = state
        guard state.recordCount > 0 else { return nil }
        return try read(state.recordCount - 1, at: state.headOffset, end: state.byteLength)
    }

    /// The record at an index. Builds the offset index up to there when it is first needed; O(1) after that.
    ///
    /// - Throws: ``ChainError`` with `outOfRange`, or `damaged` when no such record stands there.
    public func record(at index: Int) throws(ChainError) -> Record {
        let (offset, end) = try offset(of: index)
        return try read(index, at: offset, end: end)
    }

    /// The records of a range, in memory at once. ``forEachRecord(in:reversed:_:)`` streams.
    ///
    /// - Throws: as ``record(at:)``; an empty range is `outOfRange`.
    public func records(in range: Range<Int>) throws(ChainError) -> [Record] {
        var records: [Record] = []
        try forEachRecord(in: range) { record in
            records.append(record)
            return true
        }
        return records
    }

    /// Passes the records of a range to `body`, one at a time, from either end, until it returns false.
    ///
    /// Forward from record 0 this needs no index. Memory stays flat whatever the range.
    ///
    /// - Throws: ``ChainError`` with `outOfRange` for an empty range or one past the end, `damaged` where a record is not
    ///   well-formed or not the one that belongs there.
    public func forEachRecord(
        in range: Range<Int>, reversed: Bool = false, _ body: (Record) -> Bool
    ) throws(ChainError) {
        let state = state
        guard !range.isEmpty, range.lowerBound >= 0, range.upperBound <= state.recordCount else {
            throw ChainError(
                .outOfRange,
                range.isEmpty
                    ? "an empty range"
                    : "records \(range.lowerBound) to \(range.upperBound - 1) of a chain of \(state.recordCount)",
                path: path)
        }
        if reversed {
            for index in range.reversed() {
                if !body(try record(at: index)) { return }
            }
            return
        }
        let start = range.lowerBound == 0 ? 0 : try offset(of: range.lowerBound).offset
        var stream = FrameStream(file, from: start, to: state.byteLength)
        for index in range {
            guard try stream.advance() == .frame else { throw damaged(index, at: stream.frameOffset) }
            let bytes = Array(stream.buffer[stream.recordRange])
            if !body(try parse(bytes, index, at: stream.frameOffset)) { return }
        }
    }

    /// Looks for records that were appended since, and takes them in. Reads only those.
    ///
    /// - Returns: the number of new records.
    /// - Throws: ``ChainError``: `rolledBack` when the file became shorter than what was known, `damaged` when new bytes
    ///   are not records, `replaced` when another file is in its place.
    @discardableResult
    public func refresh() throws(ChainError) -> Int {
        let status = try file.status()
        let named: FileStatus
        do throws(SystemCallError) {
            named = try file.system.status(of: file.path, in: nil)
        } catch {
            throw ChainError(error, path: file.path)
        }
        guard named.kind == .symbolicLink || named.identity == status.identity else {
            throw ChainError(.replaced, "another file is in the chain's place now", path: file.path)
        }
        let before = state
        guard status.size >= before.byteLength else {
            throw ChainError(
                .rolledBack, "the file has \(status.size) bytes, and \(before.byteLength) of records were there before",
                path: file.path, offset: status.size)
        }
        let survey = try ChainSurvey(
            from: before, file, size: status.size, status: .good(bytes: before.byteLength),
            durableLength: before.byteLength)
        try survey.requireSound(path: file.path)
        return snapshot.withLock { snapshot in
            // Another task may have been faster.
            let new = max(0, survey.state.recordCount - snapshot.survey.state.recordCount)
            if survey.state.recordCount >= snapshot.survey.state.recordCount {
                snapshot.survey.state = survey.state
                snapshot.survey.tail = survey.tail
            }
            return new
        }
    }

    /// Verifies the chain anew, from its first byte. See ``Verifier``.
    public func verify(
        expecting expectations: Expectation..., signatures: SignatureMode = .all, range: Range<Int>? = nil,
        progress: ((_ bytes: Int, _ of: Int) -> Void)? = nil
    ) throws(ChainError) -> Verdict {
        try Verifier(expectations: expectations, signatures: signatures, range: range).verify(path, progress: progress)
    }

    /// Where a record's frame begins, and where the known records end.
    private func offset(of index: Int) throws(ChainError) -> (offset: Int, end: Int) {
        // Typed errors do not pass through withLock's closure with every compiler, so the outcome is carried out.
        let outcome: Result<(offset: Int, end: Int), ChainError> = snapshot.withLock { snapshot in
            let state = snapshot.survey.state
            guard index >= 0, index < state.recordCount else {
                return .failure(
                    ChainError(
                        .outOfRange, "no record \(index) in a chain of \(state.recordCount)", path: path, index: index))
            }
            if index == state.recordCount - 1 { return .success((state.headOffset, state.byteLength)) }
            do throws(ChainError) {
                try extend(&snapshot.index, to: index, end: state.byteLength)
            } catch {
                return .failure(error)
            }
            return .success((snapshot.index[index], state.byteLength))
        }
        return try outcome.get()
    }

    private func extend(_ index: inout OffsetIndex, to last: Int, end: Int) throws(ChainError) {
        guard index.count <= last else { return }
        var stream = FrameStream(file, from: index.end, to: end)
        while index.count <= last {
            guard try stream.advance() == .frame else { throw damaged(index.count, at: stream.frameOffset) }
            index.append(size: stream.position - stream.frameOffset)
        }
    }

    private func read(_ index: Int, at offset: Int, end: Int) throws(ChainError) -> Record {
        guard let record = try RecordFile.record(in: file, at: offset, end: end), record.index == index else {
            throw damaged(index, at: offset)
        }
        return record
    }

    private func parse(_ bytes: [UInt8], _ index: Int, at offset: Int) throws(ChainError) -> Record {
        do throws(RecordError) {
            let record = try Record(bytes, at: offset)
            if record.index == index { return record }
        } catch {
            throw ChainError(.damaged, error.message, path: file.path, offset: offset, index: index)
        }
        throw damaged(index, at: offset)
    }

    private func damaged(_ index: Int, at offset: Int) -> ChainError {
        ChainError(
            .damaged, "no well-formed record \(index) stands here; 'verify' says more", path: file.path, offset: offset,
            index: index)
    }
}
