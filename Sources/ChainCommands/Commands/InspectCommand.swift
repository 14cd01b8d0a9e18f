internal import ArgumentParser
internal import AttestationChain

/// `inspect`
struct InspectCommand: ChainCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show what a chain consists of.",
        discussion: """
            Looks at every record, and checks links and who may sign. It checks not every signature: 'verify' does.

            Example:
              chainctl inspect evidence
            """)

    @OptionGroup var source: ReadableChainArgument
    @OptionGroup var format: FormatOption

    /// What passing over the records gathers.
    private struct Summary {
        /// Types by their bytes: two texts that Swift calls equal may differ.
        var types: [[UInt8]: Int] = [:]
        /// Records whose types are not in `types` any more.
        var otherTypeCount = 0
        var earliest = Int64.max
        var latest = Int64.min

        /// A chain in which every record has its own type must not fill memory.
        static let maximumTypeCount = 1000

        mutating func add(_ record: Record) {
            let type = Array(record.contentType.utf8)
            if types[type] != nil || types.count < Self.maximumTypeCount {
                types[type, default: 0] += 1
            } else {
                otherTypeCount += 1
            }
            earliest = min(earliest, record.claimedTimestamp)
            latest = max(latest, record.claimedTimestamp)
        }

        /// The most frequent first.
        var sortedTypes: [(type: String, count: Int)] {
            types.sorted { a, b in
                a.value != b.value ? a.value > b.value : a.key.lexicographicallyPrecedes(b.key)
            }
            .map { (String(decoding: $0.key, as: UTF8.self), $0.value) }
        }
    }

    func perform(_ console: Console) throws -> ExitStatus {
        let opened = try OpenedChain(source.chain, console)
        let chain = opened.chain
        let progress = ProgressBar(.count("records"), console)
        var summary = Summary()
        var name: String?
        try chain.forEach(in: 0..<chain.count, console) { record in
            if record.index == 0 { name = record.genesis?.name }
            summary.add(record)
            progress.update(record.index + 1, of: chain.count)
            return true
        }
        progress.clear()
        if format.json {
            try showJSON(chain, name, summary, console)
        } else {
            try show(chain, name, summary, console)
        }
        return try opened.finish()
    }

    private func show(_ chain: Chain, _ name: String?, _ summary: Summary, _ console: Console) throws {
        try console.line("chain id   \(chain.chainID?.description ?? "")")
        if let name { try console.line("name       \(name)") }
        try console.line("records    \(TerminalText.grouped(chain.count))")
        try console.line("bytes      \(TerminalText.grouped(chain.byteLength))")
        try console.line("head       \(chain.count - 1) \(chain.headHash?.description ?? "")")
        for (position, epoch) in chain.signers.enumerated() {
            let next = position + 1 < chain.signers.count ? chain.signers[position + 1].firstIndex : nil
            let span = next.map { "records \(epoch.firstIndex) to \($0 - 1)" } ?? "from record \(epoch.firstIndex) on"
            try console.line("signer     \(epoch.key.fingerprint) \(span)")
        }
        for (type, count) in summary.sortedTypes {
            try console.line("type       \(type): \(TerminalText.count(count, "record"))")
        }
        if summary.otherTypeCount > 0 {
            try console.line("type       others: \(TerminalText.count(summary.otherTypeCount, "record"))")
        }
        let times = [summary.earliest, summary.latest].map { Timestamp(microseconds: $0).textInSeconds }
        try console.line("time       \(times[0]) to \(times[1]), as claimed")
        try console.line("state      \(Self.text(chain.stateStatus))")
        try console.line("tail       \(Self.text(chain.tail))")
    }

    private static func text(_ status: StateStatus) -> String {
        switch status {
        case .missing: "no state.cbor"
        case .good(let bytes): "state.cbor is good, and covers \(TerminalText.count(bytes, "byte"))"
        case .olderStore: "state.cbor of the older store, which agrees"
        case .unusable(let reason): "state.cbor is not usable: \(reason)"
        }
    }

    private static func text(_ tail: Tail) -> String {
        switch tail {
        case .clean: "clean"
        case .torn(let bytes): "torn: \(TerminalText.count(bytes, "byte")) of a record that was never finished"
        }
    }

    private func showJSON(_ chain: Chain, _ name: String?, _ summary: Summary, _ console: Console) throws {
        let tornBytes: Int? = if case .torn(let bytes) = chain.tail { bytes } else { nil }
        let state: (status: String, reason: String?, bytes: Int?) =
            switch chain.stateStatus {
            case .missing: ("missing", nil, nil)
            case .good(let bytes): ("good", nil, bytes)
            case .olderStore: ("older-store", nil, nil)
            case .unusable(let reason): ("unusable", reason, nil)
            }
        try console.json([
            "chain_id": JSON(chain.chainID),
            "name": JSON(name),
            "records": JSON(chain.count),
            "bytes": JSON(chain.byteLength),
            "head_index": JSON(chain.count - 1),
            "head_hash": JSON(chain.headHash),
            "signers": .array(
                chain.signers.map { epoch in
                    [
                        "fingerprint": JSON(epoch.key.fingerprint), "public_key": JSON(epoch.key),
                        "first_index": JSON(epoch.firstIndex),
                    ]
                }),
            "types": .array(summary.sortedTypes.map { ["type": .string($0.type), "records": JSON($0.count)] }),
            "other_types": JSON(summary.otherTypeCount),
            "earliest_ts": .integer(summary.earliest),
            "earliest_at": JSON(Timestamp(microseconds: summary.earliest).text),
            "latest_ts": .integer(summary.latest),
            "latest_at": JSON(Timestamp(microseconds: summary.latest).text),
            "state": ["status": .string(state.status), "reason": JSON(state.reason), "bytes": JSON(state.bytes)],
            "tail": ["status": tornBytes == nil ? "clean" : "torn", "torn_bytes": JSON(tornBytes ?? 0)],
        ])
    }
}
