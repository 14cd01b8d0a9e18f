internal import ArgumentParser
internal import AttestationChain

/// `repair`
struct RepairCommand: ChainCommand {
    static let configuration = CommandConfiguration(
        commandName: "repair",
        abstract: "Cut off what a crash left of an unfinished record.",
        discussion: """
            The bytes behind the last record are kept beside the chain before they are cut off, and so is a state.cbor \
            that cannot be used. Nothing else is ever repaired: a damaged chain stays as it is. 'append' does the same \
            by itself.

            Example:
              chainctl repair evidence
            """)

    @OptionGroup var target: WritableChainArgument
    @OptionGroup var waitOption: WaitOption
    @OptionGroup var format: FormatOption

    func perform(_ console: Console) throws -> ExitStatus {
        let recovery = try ChainWriter.repair(target.chain, lock: waitOption.lock)
        if format.json {
            try console.json([
                "repaired": .bool(!recovery.isEmpty), "torn_bytes": JSON(recovery.tornBytes),
                "torn_offset": recovery.tornBytes > 0 ? JSON(recovery.tornOffset) : nil,
                "evidence": JSON(recovery.evidence), "unusable_state": JSON(recovery.unusableState),
            ])
            return .done
        }
        if recovery.isEmpty { try console.line("nothing to repair") }
        if recovery.tornBytes > 0 {
            try console.line(
                "cut off \(TerminalText.count(recovery.tornBytes, "byte")) at offset \(recovery.tornOffset), kept as"
                    + " \(recovery.evidence ?? "nothing")")
        }
        if let reason = recovery.unusableState {
            try console.line("wrote state.cbor anew, and kept the old one: \(reason)")
        }
        return .done
    }
}
