internal import ChainCrypto
internal import ChainRecord

/// How chain.bin ends.
public enum Tail: Sendable, Hashable {
    /// Right behind a record.
    case clean
    /// With this many bytes of an append that a crash cut short, or that is being written right now.
    case torn(bytes: Int)
}

/// What state.cbor was good for when a chain was opened.
public enum StateStatus: Sendable, Hashable {
    /// There is none.
    case missing
    /// It covers the chain up to this many bytes; only what is behind was read.
    case good(bytes: Int)
    /// Of the older Python store: compared with the chain, which was read whole.
    case olderStore
    /// Not usable, for this reason; the chain was read whole.
    case unusable(String)
}

/// What opening a chain finds out: how far its records hold, and how it ends. Reads only.
///
/// Reader and writer open through this one function, and the rules of docs/durability.md for reopening are here.
package struct ChainSurvey: Sendable {
    /// What the longest verified prefix establishes. Its `byteLength` is V.
    package var state: ChainState
    package var tail: Tail
    package var stateStatus: StateStatus
    /// Bytes known to be durable (C).
    package var durableLength: Int
    /// What is wrong behind V; empty for a clean or torn tail.
    package var damage: [Finding] = []
    /// What state.cbor says and the chain does not bear out.
    package var conflict: Finding?
    /// Whether a state that was put aside should not be replaced without keeping it.
    package var stateIsUnusable: Bool {
        if case .unusable = stateStatus { true } else { false }
    }

    /// Opens a chain, from its checkpoint where that is good.
    ///
    /// - Parameter size: of chain.bin, taken after `checkpoint` was read, so that a state is never ahead of it.
    package static func opening(
        _ file: OpenFile, size: Int, checkpoint: Checkpoint
    ) throws(ChainError) -> ChainSurvey {
        let status: StateStatus
        switch checkpoint {
        case .missing: status = .missing
        case .unreadable(let reason): status = .unusable(reason)
        case .claim: status = .olderStore
        case .complete(let claim, let restored):
            if restored.byteLength > size {
                status = .unusable("the chain is shorter than it says")
            } else if try matches(restored, claim, file) {
                let length = restored.byteLength
                return try ChainSurvey(
                    from: restored, file, size: size, status: .good(bytes: length), durableLength: length)
            } else {
                status = .unusable("the chain's head is not where it says")
            }
        }
        return try ChainSurvey(
            from: ChainState(), file, size: size, status: status, durableLength: 0, claim: checkpoint.claim)
    }

    /// Continues behind what is already known: a reader or writer that finds the file grown.
    package init(
        from start: ChainState, _ file: OpenFile, size: Int, status: StateStatus, durableLength: Int,
        claim: HeadClaim? = nil
    ) throws(ChainError) {
        state = start
        tail = .clean
        stateStatus = status
        self.durableLength = durableLength
        var hashAtClaim: Hash256?
        var walk = ChainWalk(file, from: start, to: size, mode: .epoch)
        while true {
            let step = try walk.advance()
            if let first = step.findings.first(where: { $0.severity == .error }), let offset = first.offset {
                try stop(
                    at: offset, step.findings, from: start, file, size: size,
                    durable: claim?.durableLength ?? durableLength)
                break
            }
            if walk.state.recordCount - 1 == claim?.headIndex { hashAtClaim = walk.state.headHash }
            if step.kind != .record {
                state = walk.state
                break
            }
        }
        if state.recordCount <= claim?.headIndex ?? -1 { hashAtClaim = nil }
        conflict = claim?.conflict(
            recordCount: state.recordCount, chainID: state.chainID, hashAtHead: hashAtClaim, fileSize: size)
    }

    /// Records hold up to `offset`. Says whether what is behind is a torn tail or damage.
    private mutating func stop(
        at offset: Int, _ findings: [Finding], from start: ChainState, _ file: OpenFile, size: Int,
        durable: Int
    ) throws(ChainError) {
        // Read the prefix again, up to the record that fails: rare, and it keeps the walk free of copies.
        var walk = ChainWalk(file, from: start, to: offset, mode: .epoch)
        while try walk.advance().kind == .record {}
        state = walk.state
        // Bytes that were durable cannot be torn. Where the file ends before them it was cut, which is the state's to say.
        if offset >= durable || size < durable, try Self.isTorn(file, from: offset, index: state.recordCount, to: size)
        {
            tail = .torn(bytes: size - offset)
        } else {
            damage = findings
        }
    }

    package static func isTorn(
        _ file: OpenFile, from offset: Int, index: Int, to size: Int
    ) throws(ChainError) -> Bool {
        guard size - offset < ChainFormat.maximumFrameSize else { return false }
        let tail = try file.read(offset..<size)
        return TornTail.isTorn(tail.span, at: offset, index: index)
    }

    /// Whether the head stands where a state says, and the first record is the chain id's. Reads two records.
    private static func matches(_ state: ChainState, _ claim: HeadClaim, _ file: OpenFile) throws(ChainError) -> Bool {
        let head = try RecordFile.record(in: file, at: state.headOffset, end: state.byteLength)
        let first = try RecordFile.record(in: file, at: 0, end: state.byteLength)
        guard let head, let first, let signer = state.signers.last else { return false }
        let headEnd = head.offset + ChainFormat.lengthPrefixSize + head.bytes.count
        guard head.index == claim.headIndex, head.recordHash == state.headHash, headEnd == state.byteLength,
            first.recordHash == state.chainID, first.signer == state.signers.first?.key,
            first.claimedTimestamp == state.createdAt, head.claimedTimestamp == state.lastAppendAt,
            (first.genesis?.requiresRotationProof ?? false) == state.requiresRotationProof
        else { return false }
        // Who may sign behind the head follows from the head itself.
        if let next = head.rotatesTo { return signer == SignerEpoch(key: next, firstIndex: state.recordCount) }
        return signer.key == head.signer && signer.firstIndex < state.recordCount
    }

    /// Refuses a chain that is damaged or contradicts its state.
    package func requireSound(path: String) throws(ChainError) {
        if !damage.isEmpty { throw ChainError(damage: damage, path: path) }
        if let conflict {
            throw ChainError(
                .rolledBack, conflict.message, path: path, offset: state.byteLength, index: conflict.index,
                findings: [conflict])
        }
    }
}
