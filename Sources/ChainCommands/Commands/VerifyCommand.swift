internal import ArgumentParser
internal import AttestationChain

/// `verify`
struct VerifyCommand: ChainCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check a whole chain, and say how far the result reaches.",
        discussion: """
            Checks every frame, encoding, link, rule and signature from the first byte on. Without --expect-chain-id \
            or --expect-signer nothing says whose chain it is; without --expect-head, records may be missing from its \
            end. Exits 0 when all holds, 2 when all holds up to a torn tail, 3 when the chain is shorter than or \
            different from what is known, 1 otherwise.

            Example:
              chainctl verify evidence
              chainctl verify evidence --signatures epoch --range HEAD~1..HEAD
            """)

    @OptionGroup var source: ReadableChainArgument
    @Option(
        help: ArgumentHelp("The chain id that 'init' printed.", valueName: "hash"),
        transform: { text in
            guard let hash = Hash256(text) else { throw ValidationError(Self.notAHash) }
            return hash
        })
    var expectChainId: Hash256?
    @Option(
        help: ArgumentHelp("The fingerprint of the first record's signer.", valueName: "fingerprint"),
        transform: { text in
            guard let hash = Hash256(text) else { throw ValidationError(Self.notAHash) }
            return hash
        })
    var expectSigner: Hash256?
    @Option(
        help: ArgumentHelp(
            "A record that was seen: the chain must have it, and may go on behind it.", valueName: "index:hash"),
        transform: ExpectedHead.init)
    var expectHead: ExpectedHead?
    @Option(
        help: ArgumentHelp(
            "Which signatures to check: all, or the last one of each signer's run (epoch), which through the links"
                + " covers what the run says.",
            valueName: "all|epoch"))
    var signatures: Signatures = .all
    @Option(
        help: ArgumentHelp(
            "Check every signature of these records even with --signatures epoch: A..B (both included), A.., ..B,"
                + " or one.",
            valueName: "range"))
    var range: RecordRange?
    @OptionGroup var format: FormatOption

    private static let notAHash = "not 64 lower-case hexadecimal digits"

    enum Signatures: String, ExpressibleByArgument {
        case all, epoch

        var mode: SignatureMode {
            switch self {
            case .all: .all
            case .epoch: .epoch
            }
        }
    }

    /// `INDEX:HASH`, as `inspect` prints the head.
    struct ExpectedHead {
        let index: Int
        let hash: Hash256

        init(_ text: String) throws {
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2, let index = Int(parts[0]), index >= 0, let hash = Hash256(String(parts[1])) else {
                throw ValidationError("write INDEX:HASH, such as 11:\(String(repeating: "0", count: 64))")
            }
            self.index = index
            self.hash = hash
        }
    }

    func perform(_ console: Console) throws -> ExitStatus {
        var expectations: [Expectation] = []
        if let expectChainId { expectations.append(.chainID(expectChainId)) }
        if let expectSigner { expectations.append(.signer(expectSigner)) }
        if let expectHead { expectations.append(.head(index: expectHead.index, hash: expectHead.hash)) }
        let verifier = Verifier(expectations: expectations, signatures: signatures.mode, range: try resolvedRange())
        let progress = ProgressBar(.bytes, console)
        let verdict = try verifier.verify(source.chain) { progress.update($0, of: $1) }
        progress.clear()
        if format.json {
            try console.json(JSON(verdict))
        } else {
            try VerdictText.show(verdict, path: source.chain, console)
        }
        return switch verdict.outcome {
        case .valid: .done
        case .invalid: .invalid
        case .torn: .torn
        case .rollback: .rolledBack
        }
    }

    /// The range with HEAD counted from the last record that holds.
    private func resolvedRange() throws -> Range<Int>? {
        guard let range else { return nil }
        if case .index(let first)? = range.first?.anchor, case .index(let last)? = range.last?.anchor, first <= last,
            last < .max
        {
            // Needs no look at the chain; the verifier notices an end past the chain's.
            return first..<(last + 1)
        }
        return try range.resolve(count: try Chain(opening: source.chain, allowingDamage: true).count)
    }
}
