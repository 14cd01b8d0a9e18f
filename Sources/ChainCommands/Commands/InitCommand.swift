internal import ArgumentParser
internal import AttestationChain

/// `init`
struct InitCommand: ChainCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Begin a chain.",
        discussion: """
            Makes the directory CHAIN and writes its first record, which names the chain and demands that every later \
            key proves itself. Keep the chain id that it prints: it is what others pin.

            Example:
              chainctl init new --key signer.pem --name "Case 4711"
            """)

    @OptionGroup var target: WritableChainArgument
    @OptionGroup var keyOption: KeyOption
    @Option(help: ArgumentHelp("What people call the chain.", valueName: "text"))
    var name: String?
    @OptionGroup var format: FormatOption

    func perform(_ console: Console) throws -> ExitStatus {
        let key = try keyOption.load()
        let writer = try ChainWriter(creating: target.chain, signer: key, name: name)
        let chainID = writer.chainID
        WriterReport.close(writer, console)
        let fingerprint = key.publicKey.fingerprint
        if format.json {
            try console.json([
                "chain_id": JSON(chainID), "name": JSON(name), "signer": JSON(key.publicKey),
                "signer_fingerprint": JSON(fingerprint),
            ])
        } else {
            try console.line("chain id  \(chainID)")
            try console.line("signer    \(fingerprint)")
        }
        console.note("keep the chain id: it is what others pin (verify --expect-chain-id)")
        return .done
    }
}
