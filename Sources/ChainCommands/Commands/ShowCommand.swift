internal import ArgumentParser
internal import AttestationChain

/// `show`
struct ShowCommand: ChainCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one record.",
        discussion: """
            INDEX is a record's position, HEAD the last record, HEAD~2 the one two before it.

            Example:
              chainctl show evidence HEAD
              chainctl show evidence 0 --diag
            """)

    enum Form: String, EnumerableFlag {
        case diag, cbor

        static func help(for value: Form) -> ArgumentHelp? {
            switch value {
            case .diag: "Print CBOR diagnostic notation, each item with its offset in the record."
            case .cbor: "Write the record's bytes."
            }
        }
    }

    @OptionGroup var source: ReadableChainArgument
    @Argument(help: "Which record: a number, HEAD or HEAD~n.")
    var index: RecordPosition
    @Flag(exclusivity: .exclusive)
    var form: Form?
    @OptionGroup var format: FormatOption

    func validate() throws {
        if form != nil, format.json { throw ValidationError("--json goes with neither --diag nor --cbor") }
    }

    func perform(_ console: Console) throws -> ExitStatus {
        if form == .cbor, console.outputIsTerminal {
            throw ToolError(.usage, "--cbor writes bytes, not text: send them to a file or a program")
        }
        let opened = try OpenedChain(source.chain, console)
        let record = try opened.chain.record(at: try index.resolve(count: opened.chain.count))
        switch form {
        case .cbor: try console.write(record.bytes)
        case .diag: try showDiagnostic(record, console)
        case nil: if format.json { try console.json(JSON(record)) } else { try show(record, console) }
        }
        return try opened.finish()
    }

    private func showDiagnostic(_ record: Record, _ console: Console) throws {
        let bytes = record.bytes
        let width = String(bytes.count).utf8.count
        for line in try CBORDiagnostic.lines(bytes.span) {
            let offset = line.offset.map { String($0) } ?? ""
            let margin = String(repeating: " ", count: width - offset.utf8.count)
            try console.line("\(margin)\(offset)  \(String(repeating: "  ", count: line.depth))\(line.text)")
        }
    }

    private func show(_ record: Record, _ console: Console) throws {
        let time = Timestamp(microseconds: record.claimedTimestamp)
        try console.line("record        \(record.index)")
        try console.line("record hash   \(record.recordHash)")
        try console.line("record id     \(record.recordIDText)")
        try console.line("prev hash     \(record.previousHash)")
        try console.line("content hash  \(record.contentHash)")
        try console.line("content type  \(record.contentType)")
        if let content = record.content {
            try console.line("content       \(TerminalText.count(content.count, "byte")) in the record")
        }
        if let name = record.genesis?.name { try console.line("chain name    \(name)") }
        if let key = record.rotatesTo { try console.line("new signer    \(key.fingerprint)") }
        try console.line("claimed time  \(time.text ?? "\(time.microseconds) microseconds after 1970")")
        try console.line("signer        \(record.signer)")
        try console.line("fingerprint   \(record.signer.fingerprint)")
        try console.line("signature     \(Hex.encode(record.signature))")
        try console.line("frame         offset \(record.offset), \(TerminalText.count(record.frameSize, "byte"))")
        try show(record.metadata, "metadata", console)
        try show(record.entropyWitnesses, "entropy witnesses", console)
    }

    private func show(_ map: CBORValue, _ title: String, _ console: Console) throws {
        guard case .map(let pairs) = map, !pairs.isEmpty else { return }
        try console.line("\(title):")
        for pair in pairs {
            let value = String(decoding: CBORJSON.json(pair.value).encoded(), as: UTF8.self)
            let key = pair.key.textValue ?? String(decoding: CBORJSON.json(pair.key).encoded(), as: UTF8.self)
            try console.line("  \(key) = \(TerminalText.shortened(value, to: Self.valueWidth))")
        }
    }

    /// Content in the record would fill screens; --json and --cbor print all of it.
    private static let valueWidth = 200
}
