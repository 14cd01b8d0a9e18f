internal import AttestationChain

/// A verdict in plain lines. It never says more than was shown: what is not pinned is called that.
enum VerdictText {
    static func show(_ verdict: Verdict, path: String, _ console: Console) throws(ToolError) {
        let colour: Console.Colour =
            switch verdict.outcome {
            case .valid: .green
            case .torn: .yellow
            case .invalid, .rollback: .red
            }
        try console.line(verdict.outcome.rawValue.uppercased(), colour: colour)
        try console.line(
            "records     \(TerminalText.grouped(verdict.recordCount)) hold; the file has"
                + " \(TerminalText.count(verdict.fileSize, "byte"))")
        if let chainID = verdict.chainID { try console.line("chain id    \(chainID)") }
        if let index = verdict.headIndex, let hash = verdict.headHash {
            try console.line("head        \(index) \(hash)")
        }
        try console.line("signatures  \(signatures(verdict))")
        for signer in verdict.signers {
            let span =
                signer.lastIndex.map { "records \(signer.firstIndex) to \($0)" }
                ?? "from record \(signer.firstIndex), none yet"
            try console.line("signer      \(signer.key.fingerprint) \(span)")
        }
        try console.line("identity    \(identity(verdict))")
        try console.line("tail        \(tail(verdict))")
        for finding in verdict.findings {
            let place = finding.index.map { ", record \($0)" } ?? ""
            let offset = finding.offset.map { ", offset \($0)" } ?? ""
            try console.line(
                "\(finding.severity.rawValue.padded(to: 11)) \(finding.rule.rawValue)\(place)\(offset): \(finding.message)"
            )
        }
        if verdict.outcome == .torn { try console.line("to cut the torn tail off, type: chainctl repair \(path)") }
    }

    private static func signatures(_ verdict: Verdict) -> String {
        let counts =
            "\(TerminalText.grouped(verdict.signaturesChecked)) checked,"
            + " \(TerminalText.grouped(verdict.signaturesValid)) valid"
        return switch verdict.signatureMode {
        case .all: "all: \(counts)"
        case .epoch:
            "epoch: \(counts): the last of each signer's run; through the links that covers what all records say,"
                + " but not each record's own signature"
        }
    }

    private static func identity(_ verdict: Verdict) -> String {
        switch verdict.identityPin {
        case .chainID: "pinned: it is the chain with the expected id"
        case .signer: "pinned: the expected key signed the first record"
        case .none: "not pinned: anyone could have made this chain; pass --expect-chain-id or --expect-signer"
        }
    }

    private static func tail(_ verdict: Verdict) -> String {
        let prefix =
            switch verdict.tailStatus {
            case .clean: ""
            case .torn: "torn; "
            case .truncated: "truncated: records that were known are missing; "
            }
        return prefix
            + {
                switch verdict.tailPin {
                case .expectedHead: "pinned: the expected record is there"
                case .state:
                    "pinned only by state.cbor beside it, which whoever can cut the chain can change too;"
                        + " pass --expect-head"
                case .none: "not pinned: records may be missing from the end; pass --expect-head"
                }
            }()
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
