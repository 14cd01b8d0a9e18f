internal import ArgumentParser
internal import AttestationChain

/// `key show`
struct KeyShowCommand: ChainCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Print a key's public half and its fingerprint.",
        discussion: """
            FILE is a private or a public Ed25519 key in PEM. The fingerprint is the SHA-256 of the 32 bytes of the \
            public key.

            Example:
              chainctl key show signer.pem
            """)

    @Argument(help: "A private or public key file.", completion: .file())
    var file: String
    @OptionGroup var format: FormatOption

    func perform(_ console: Console) throws -> ExitStatus {
        let key = try Self.publicKey(file)
        if format.json {
            try console.json(["public_key": JSON(key), "fingerprint": JSON(key.fingerprint)])
        } else {
            try console.line("public key   \(key)")
            try console.line("fingerprint  \(key.fingerprint)")
        }
        return .done
    }

    private static func publicKey(_ path: String) throws -> PublicKey {
        do throws(ChainError) {
            return try PublicKey(contentsOf: path)
        } catch {
            guard error.code == .key else { throw error }
            return try SigningKey(contentsOf: path).publicKey
        }
    }
}
