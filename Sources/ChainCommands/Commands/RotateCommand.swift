internal import ArgumentParser
internal import AttestationChain

/// `rotate`
struct RotateCommand: ChainCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Hand the chain over to a new key.",
        discussion: """
            Appends a record in which the current key names the new one, and the new one agrees. It is the current \
            key's last record. A key that the chain has had before is refused.

            Example:
              chainctl rotate evidence --key signer.pem --new-key next.pem
            """)

    @OptionGroup var target: WritableChainArgument
    @OptionGroup var keyOption: KeyOption
    @Option(help: ArgumentHelp("The private key that signs from then on.", valueName: "file"), completion: .file())
    var newKey: String
    @OptionGroup var waitOption: WaitOption
    @OptionGroup var format: FormatOption

    func perform(_ console: Console) throws -> ExitStatus {
        let oldKey = try keyOption.load()
        let newKey = try SigningKey(contentsOf: newKey)
        var writer = try ChainWriter(opening: target.chain, signer: oldKey, lock: waitOption.lock)
        WriterReport.recovery(writer.recovery, of: target.chain, console)
        let record = try writer.rotate(to: newKey)
        WriterReport.close(writer, console)
        if format.json {
            try console.json([
                "index": JSON(record.index), "record_hash": JSON(record.recordHash),
                "old_signer": JSON(oldKey.publicKey), "old_fingerprint": JSON(oldKey.publicKey.fingerprint),
                "new_signer": JSON(newKey.publicKey), "new_fingerprint": JSON(newKey.publicKey.fingerprint),
                "claimed_ts": .integer(record.claimedTimestamp),
                "claimed_at": JSON(Timestamp(microseconds: record.claimedTimestamp).text),
            ])
        } else {
            try console.line("record      \(record.index) \(record.recordHash)")
            try console.line("old signer  \(oldKey.publicKey.fingerprint)")
            try console.line("new signer  \(newKey.publicKey.fingerprint) from record \(record.index + 1) on")
        }
        return .done
    }
}
