internal import ArgumentParser
internal import AttestationChain

/// `export`
struct ExportCommand: ChainCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Print records with everything in them, for other programs.",
        discussion: """
            One JSON object a line for each record, with the same fields as 'show --json'. What JSON cannot say is \
            written as {"$bytes":…}, {"$int":…}, {"$float":…}, {"$tag":…} or {"$map":…}, so nothing is lost.

            Example:
              chainctl export evidence --jsonl
            """)

    @OptionGroup var source: ReadableChainArgument
    @OptionGroup var rangeOption: RangeOption
    @Flag(name: [.long, .customLong("json")], help: "One JSON object a line: the default, and so far the only form.")
    var jsonl = false

    func perform(_ console: Console) throws -> ExitStatus {
        let opened = try OpenedChain(source.chain, console)
        let range = try rangeOption.resolve(count: opened.chain.count)
        try opened.chain.forEach(in: range, console) { record in
            try console.json(JSON(record))
            return true
        }
        return try opened.finish()
    }
}
