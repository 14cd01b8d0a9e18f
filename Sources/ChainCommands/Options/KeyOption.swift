internal import ArgumentParser
internal import AttestationChain

/// Whose key signs.
struct KeyOption: ParsableArguments {
    static let variable = "CHAINCTL_KEY"

    @Option(
        help: ArgumentHelp("The private key that signs (PKCS#8 PEM); CHAINCTL_KEY otherwise.", valueName: "file"),
        completion: .file())
    var key: String?

    var path: String {
        get throws(ToolError) {
            if let key { return key }
            if let path = ProcessEnvironment.value(Self.variable), !path.isEmpty { return path }
            throw ToolError(
                .usage, "no key: pass --key FILE, or set the environment variable \(Self.variable) to its path")
        }
    }

    func load() throws -> SigningKey { try SigningKey(contentsOf: try path) }
}
