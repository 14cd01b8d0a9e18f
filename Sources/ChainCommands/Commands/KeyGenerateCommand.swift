internal import ArgumentParser
internal import AttestationChain

/// `key generate`
struct KeyGenerateCommand: ChainCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Make a new Ed25519 key.",
        discussion: """
            FILE gets the private key (PKCS#8 PEM, mode 0600), FILE.pub the public one. Nothing is ever overwritten.

            Example:
              chainctl key generate new.pem
            """)

    @Argument(help: "Where the private key goes.", completion: .file())
    var file: String
    @OptionGroup var format: FormatOption

    func perform(_ console: Console) throws -> ExitStatus {
        let key = try KeyFile.generate(file)
        if format.json {
            try console.json([
                "path": .string(file), "public_path": .string(file + KeyFile.publicSuffix), "public_key": JSON(key),
                "fingerprint": JSON(key.fingerprint),
            ])
        } else {
            try console.line("private key  \(file)")
            try console.line("public key   \(file)\(KeyFile.publicSuffix)")
            try console.line("fingerprint  \(key.fingerprint)")
        }
        return .done
    }
}
