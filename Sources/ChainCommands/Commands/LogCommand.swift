internal import ArgumentParser
internal import AttestationChain

/// `log`
struct LogCommand: ChainCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "List records, one line each.",
        discussion: """
            Shows index, claimed time (UTC), content type, the first digits of the content's hash and of the signer's \
            fingerprint, and the name. Times are what the signers claim.

            Example:
              chainctl log evidence --since 2025-01-01 -n 20
            """)

    @OptionGroup var source: ReadableChainArgument
    @OptionGroup var rangeOption: RangeOption
    @Option(help: ArgumentHelp("Only records of this content type.", valueName: "type"))
    var type: String?
    @Option(
        help: ArgumentHelp("Only records whose claimed time is this or later.", valueName: "time"),
        transform: Self.time)
    var since: Timestamp?
    @Option(
        help: ArgumentHelp("Only records whose claimed time is before this.", valueName: "time"), transform: Self.time)
    var until: Timestamp?
    @Option(
        name: .customShort("n"), help: ArgumentHelp("Only the last ones of all these.", valueName: "count"),
        transform: { text in
            guard let count = Int(text), count > 0 else { throw ValidationError("a number above 0") }
            return count
        })
    var count: Int?
    @Flag(help: "The last record first.")
    var reverse = false
    @OptionGroup var format: FormatOption

    private static func time(_ text: String) throws -> Timestamp {
        guard let time = Timestamp(text) else {
            throw ValidationError("write 2025-11-21 (UTC), or 2025-11-21T09:53:12Z, or 2025-11-21T10:53:12+01:00")
        }
        return time
    }

    func perform(_ console: Console) throws -> ExitStatus {
        let opened = try OpenedChain(source.chain, console)
        let chain = opened.chain
        let range = try rangeOption.resolve(count: chain.count)
        let indexWidth = String(range.upperBound - 1).utf8.count
        if let count {
            // From the end, so that the last ones of a long chain are found at once.
            var indices: [Int] = []
            try chain.forEach(in: range, reversed: true, console) { record in
                if matches(record) { indices.append(record.index) }
                return indices.count < count
            }
            for index in reverse ? indices : indices.reversed() {
                try show(try chain.record(at: index), indexWidth: indexWidth, console)
            }
        } else {
            try chain.forEach(in: range, reversed: reverse, console) { record in
                if matches(record) { try show(record, indexWidth: indexWidth, console) }
                return true
            }
        }
        return try opened.finish()
    }

    private func matches(_ record: Record) -> Bool {
        let time = Timestamp(microseconds: record.claimedTimestamp)
        if let since, time < since { return false }
        if let until, time >= until { return false }
        if let type { return record.contentType.utf8.elementsEqual(type.utf8) }
        return true
    }

    private func show(_ record: Record, indexWidth: Int, _ console: Console) throws {
        if format.json { return try console.json(JSON(record)) }
        let time = Timestamp(microseconds: record.claimedTimestamp).textInSeconds
        // Nearly all types are short; a longer one moves its line's rest.
        let type = record.contentType
        let padding = String(repeating: " ", count: max(0, Self.typeWidth - type.count))
        let index = String(record.index)
        let margin = String(repeating: " ", count: max(0, indexWidth - index.utf8.count))
        var line = "\(margin)\(index) \(time) \(type)\(padding)"
        line += " \(record.contentHash.description.prefix(12)) \(record.signer.fingerprint.short)"
        if let name = record.name { line += " " + TerminalText.shortened(name, to: Self.nameWidth) }
        try console.line(line)
    }

    private static let typeWidth = 16
    private static let nameWidth = 120
}
