internal import ChainCrypto
internal import ChainRecord

/// Verifies a chain file from its first byte, streaming: memory does not grow with the chain.
///
/// It takes no lock and writes nothing. What is wrong with the chain is in the verdict; only what keeps it from being read is
/// thrown.
public struct Verifier: Sendable {
    public var expectations: [Expectation]
    public var signatures: SignatureMode
    /// Records whose every signature is checked even in `.epoch` mode; who could sign there is established from record 0.
    public var range: Range<Int>?

    public init(expectations: [Expectation] = [], signatures: SignatureMode = .all, range: Range<Int>? = nil) {
        self.expectations = expectations
        self.signatures = signatures
        self.range = range
    }

    /// Verifies the chain in a directory, or a bare chain file. O(bytes) plus one signature check a record (or a signer's
    /// run of records).
    ///
    /// - Parameter progress: called now and then with the bytes done and the bytes there are.
    /// - Throws: ``ChainError``: `notFound`, `notAChainFile`, `permissionDenied`, `inputOutput`; `outOfRange` when `range`
    ///   is empty or reaches past the end.
    public func verify(
        _ path: String, progress: ((_ bytes: Int, _ of: Int) -> Void)? = nil
    ) throws(ChainError) -> Verdict {
        try verify(path, system: PosixSystem(), progress: progress)
    }

    package func verify(
        _ path: String, system: any SystemCalls, progress: ((_ bytes: Int, _ of: Int) -> Void)? = nil
    ) throws(ChainError) -> Verdict {
        if let range, range.isEmpty { throw ChainError(.outOfRange, "an empty range", path: path) }
        let location = try ChainLocation(reading: path, system: system)
        let checkpoint = try Checkpoint.read(location, system: system)
        let (file, status) = try location.openChain(system: system)
        var run = Run(self, claim: checkpoint.claim, size: status.size)
        try run.walk(file, progress: progress)
        // Damage before the range's end is the verdict, not a mistake of the caller's.
        if let range, range.upperBound > run.recordCount, run.verdict.outcome != .invalid {
            throw ChainError(
                .outOfRange, "records \(range.lowerBound) to \(range.upperBound - 1) of a chain of \(run.recordCount)",
                path: path)
        }
        if case .unreadable(let reason) = checkpoint { run.addStateWarning(reason) }
        // Having read the chain, every word of the state can be checked.
        if let claim = checkpoint.claim, run.bearsOut(claim), let actual = run.stateAtClaim,
            !claim.isBorneOut(by: actual)
        {
            run.addStateWarning("it is right about its head, and wrong about something else")
        }
        return run.conclude()
    }
}

/// One run of a verifier.
private struct Run {
    /// Where the chain stands between two records.
    struct Position {
        var count = 0
        var hash = Hash256.zero
        var byteLength = 0
    }

    private let verifier: Verifier
    private let claim: HeadClaim?
    private(set) var verdict: Verdict
    /// The longest verified prefix; stops growing at the first error.
    private(set) var prefix = Position()
    private var failed = false
    private var state = ChainState()
    /// What the chain had established at the record that state.cbor calls its head.
    private(set) var stateAtClaim: ChainState?
    private var leftOut = 0
    /// Record hashes at the indices that somebody expects something of.
    private var seen: [Int: Hash256] = [:]

    init(_ verifier: Verifier, claim: HeadClaim?, size: Int) {
        self.verifier = verifier
        self.claim = claim
        verdict = Verdict(signatureMode: verifier.signatures)
        verdict.fileSize = size
    }

    /// Records that were walked, whether or not they hold.
    var recordCount: Int { state.recordCount }

    private var watched: Set<Int> {
        var indices: Set<Int> = []
        if let claim { indices.insert(claim.headIndex) }
        for case .head(let index, _) in verifier.expectations { indices.insert(index) }
        return indices
    }

    mutating func walk(_ file: OpenFile, progress: ((Int, Int) -> Void)?) throws(ChainError) {
        let size = verdict.fileSize
        let watched = watched
        var walk = ChainWalk(
            file, from: ChainState(), to: size, mode: verifier.signatures,
            allIn: verifier.range ?? 0..<0)
        // A signature that was put off comes to light one record later, so the place before is kept too.
        var before = Position()
        var here = Position()
        var nextReport = 0
        while true {
            let step = try walk.advance()
            if let error = step.findings.first(where: { $0.severity == .error }), !failed {
                failed = true
                prefix = error.index == here.count ? here : before
                if try endsTorn(file) { break }
            }
            for finding in step.findings { add(finding) }
            if step.kind != .record { break }
            before = here
            here = Position(count: walk.state.recordCount, hash: walk.state.headHash, byteLength: walk.state.byteLength)
            if !failed {
                prefix = here
                if watched.contains(here.count - 1) { seen[here.count - 1] = here.hash }
                if here.count - 1 == claim?.headIndex { stateAtClaim = walk.state }
            }
            if let progress, here.byteLength >= nextReport {
                progress(here.byteLength, size)
                nextReport = here.byteLength + size / 1000 + 1
            }
        }
        state = walk.state
        verdict.signaturesValid = walk.signaturesValid
        // What a crash left of a record is no record with a bad signature.
        verdict.signaturesChecked = verdict.tailStatus == .clean ? walk.signaturesChecked : walk.signaturesValid
    }

    /// Whether what stands behind the prefix is what a crash leaves, or less than what is known to have been durable.
    private mutating func endsTorn(_ file: OpenFile) throws(ChainError) -> Bool {
        let size = verdict.fileSize
        guard try ChainSurvey.isTorn(file, from: prefix.byteLength, index: prefix.count, to: size) else { return false }
        if let durable = claim?.durableLength, prefix.byteLength < durable {
            // Durable bytes do not tear. A file that ends before them was cut; one that does not is damaged.
            if size >= durable { return false }
            verdict.tailStatus = .truncated
        } else {
            verdict.tailStatus = .torn
        }
        add(
            Finding(
                .torn, severity: .warning, index: prefix.count, offset: prefix.byteLength,
                "\(size - prefix.byteLength) bytes behind the last record are the start of one that was never finished")
        )
        return true
    }

    mutating func add(_ finding: Finding) {
        // One report for each unknown type is enough.
        if finding.rule == .unknownType, verdict.findings.contains(where: { $0.message == finding.message }) { return }
        guard verdict.findings.count < Verdict.maximumFindingCount else {
            leftOut += 1
            // What was found counts, listed or not.
            classify(finding)
            return
        }
        classify(finding)
        verdict.findings.append(finding)
    }

    private mutating func classify(_ finding: Finding) {
        guard finding.severity == .error else { return }
        switch finding.rule {
        case .signer, .genesisKey, .genesis, .rotationKey, .rotationReuse, .rotationContent, .rotationProof,
            .rotationLimit:
            verdict.isAuthorized = false
            verdict.outcome = .invalid
        case .frame, .encoding, .record, .version, .index, .link, .content, .signature:
            verdict.isIntact = false
            verdict.outcome = .invalid
        case .identity, .empty:
            verdict.outcome = .invalid
        case .expectedHead, .state:
            if verdict.outcome != .invalid { verdict.outcome = .rollback }
        case .recordID, .unknownType, .torn, .more: break
        }
    }

    /// Record hash of a record that holds, at an index that somebody expects something of.
    private func hash(at index: Int) -> Hash256? { index < prefix.count ? seen[index] : nil }

    /// Whether the record that a state calls its head is where it says, and the file is as long as it says.
    func bearsOut(_ claim: HeadClaim) -> Bool {
        hash(at: claim.headIndex) == claim.headHash && state.chainID == claim.chainID
            && claim.durableLength.map { $0 <= verdict.fileSize } ?? true
    }

    mutating func addStateWarning(_ reason: String) {
        add(Finding(.state, severity: .warning, "state.cbor is not usable, and was not used: \(reason)"))
    }

    /// Compares the chain with what is expected of it, and writes the verdict.
    mutating func conclude() -> Verdict {
        verdict.recordCount = prefix.count
        verdict.byteCount = prefix.byteLength
        if prefix.count > 0 {
            verdict.headHash = prefix.hash
            verdict.chainID = state.chainID
        }
        verdict.signers = signers()
        judgeState()
        if verdict.fileSize == 0, verdict.outcome == .valid {
            add(Finding(.empty, index: 0, offset: 0, "the file is empty: there is no chain in it"))
        }
        for expectation in verifier.expectations { judge(expectation) }
        if verdict.outcome == .valid, verdict.tailStatus == .torn { verdict.outcome = .torn }
        if verdict.outcome == .valid, verdict.tailStatus == .truncated { verdict.outcome = .rollback }
        if leftOut > 0 {
            verdict.findings.append(
                Finding(.more, severity: .warning, "\(leftOut) further findings are not listed; 'replay' shows all"))
        }
        return verdict
    }

    private func signers() -> [Verdict.Signer] {
        var signers: [Verdict.Signer] = []
        for (position, epoch) in state.signers.enumerated() where prefix.count > 0 && epoch.firstIndex <= prefix.count {
            let next = position + 1 < state.signers.count ? state.signers[position + 1].firstIndex : prefix.count
            let last = min(next, prefix.count) - 1
            signers.append(
                Verdict.Signer(
                    key: epoch.key, firstIndex: epoch.firstIndex, lastIndex: last >= epoch.firstIndex ? last : nil))
        }
        return signers
    }

    private mutating func judgeState() {
        guard let claim else { return }
        let hash = hash(at: claim.headIndex)
        // Records behind damage are not missing, and the damage is said already.
        if hash == nil, failed, verdict.tailStatus == .clean { return }
        let conflict = claim.conflict(
            recordCount: prefix.count, chainID: state.chainID, hashAtHead: hash, fileSize: verdict.fileSize)
        guard let conflict else {
            verdict.tailPin = .state
            return
        }
        if state.chainID == claim.chainID, hash == nil || hash == claim.headHash { verdict.tailStatus = .truncated }
        add(conflict)
    }

    private mutating func judge(_ expectation: Expectation) {
        switch expectation {
        case .chainID(let expected):
            if prefix.count > 0, state.chainID == expected {
                verdict.identityPin = .chainID
            } else if prefix.count > 0 {
                add(Finding(.identity, "the chain id is \(state.chainID), not the expected \(expected)"))
            }
        case .signer(let expected):
            guard prefix.count > 0, let first = state.signers.first else { return }
            if first.key.fingerprint == expected {
                if verdict.identityPin == .none { verdict.identityPin = .signer }
            } else {
                add(
                    Finding(
                        .identity, "the first record's signer is \(first.key.fingerprint), not the expected \(expected)"
                    ))
            }
        case .head(let index, let expected):
            if let hash = hash(at: index) {
                if hash == expected {
                    verdict.tailPin = .expectedHead
                } else {
                    add(
                        Finding(
                            .expectedHead, index: index,
                            "record \(index) hashes to \(hash), not to the expected \(expected)"))
                }
            } else if !failed || verdict.tailStatus != .clean {
                verdict.tailStatus = .truncated
                add(
                    Finding(
                        .expectedHead,
                        "the chain has \(prefix.count) records that hold, and record \(index) was expected: its end is missing"
                    ))
            }
        }
    }
}
