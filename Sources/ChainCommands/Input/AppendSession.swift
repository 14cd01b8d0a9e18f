internal import AttestationChain

/// One run of `append`: an open writer, and what it has written so far.
final class AppendSession {
    /// Nil once closed.
    private var writer: ChainWriter?
    private let path: String
    private let isBatch: Bool
    private let json: Bool
    private let console: Console
    private var pending: [(draft: RecordDraft, name: String?)] = []
    private var pendingContentSize = 0
    /// Indices of the first and last record of this run that are on disk.
    private var written: ClosedRange<Int>?

    private static let maximumPendingCount = 1000
    private static let maximumPendingContentSize = 8 << 20

    init(_ path: String, key: SigningKey, lock: LockWait, isBatch: Bool, json: Bool, _ console: Console) throws {
        self.path = path
        self.isBatch = isBatch
        self.json = json
        self.console = console
        writer = try ChainWriter(opening: path, signer: key, lock: lock)
        if let recovery = writer?.recovery { WriterReport.recovery(recovery, of: path, console) }
    }

    /// Appends a record, or keeps it for the batch.
    func append(_ draft: RecordDraft, name: String?) throws {
        pending.append((draft, name))
        pendingContentSize += draft.inlineSize
        if !isBatch || pending.count >= Self.maximumPendingCount || pendingContentSize >= Self.maximumPendingContentSize
        {
            try flush()
        }
    }

    /// Writes what is left and closes the chain.
    func finish() throws {
        try flush()
        if let writer = writer.take() { WriterReport.close(writer, console) }
    }

    /// An error that stopped the run, with what it leaves on disk.
    func explain(_ error: any Error) -> ToolError {
        var explained = ToolError(error, arguments: [])
        if let written {
            explained.message +=
                written.count == 1
                ? "; record \(written.lowerBound) of this run is on disk all the same"
                : "; records \(written.lowerBound) to \(written.upperBound) of this run are on disk all the same"
        }
        return explained
    }

    private func flush() throws {
        guard !pending.isEmpty else { return }
        let names = pending.map(\.name)
        let drafts = pending.map(\.draft)
        pending.removeAll()
        pendingContentSize = 0
        let appended: [AppendedRecord]
        do throws(ChainError) {
            appended = try append(drafts)
        } catch {
            // Why the append failed matters more than that its report failed, too.
            try? report(error.committed, names)
            throw error
        }
        try report(appended, names)
    }

    private func append(_ drafts: [RecordDraft]) throws(ChainError) -> [AppendedRecord] {
        guard let records = try writer?.append(contentsOf: drafts) else {
            preconditionFailure("nothing is appended after the session's end")
        }
        return records
    }

    /// Tells of records that are on disk, at once: a reader of the output may act on it.
    private func report(_ records: [AppendedRecord], _ names: [String?]) throws(ToolError) {
        guard let first = records.first, let last = records.last else { return }
        written = (written?.lowerBound ?? first.index)...last.index
        for (record, name) in zip(records, names) {
            if json {
                try console.json([
                    "index": JSON(record.index), "record_hash": JSON(record.recordHash),
                    "content_hash": JSON(record.contentHash), "name": JSON(name),
                    "claimed_ts": .integer(record.claimedTimestamp),
                    "claimed_at": JSON(Timestamp(microseconds: record.claimedTimestamp).text),
                    "offset": JSON(record.offset), "size": JSON(record.size),
                ])
            } else {
                try console.line(
                    "\(record.index) \(record.recordHash) \(record.contentHash)" + (name.map { " " + $0 } ?? ""))
            }
        }
        try console.flush()
    }
}

extension RecordDraft {
    /// Bytes of the content that the record carries.
    fileprivate var inlineSize: Int {
        metadata.reduce(0) { size, pair in size + (pair.value.bytesValue?.count ?? 0) }
    }
}
