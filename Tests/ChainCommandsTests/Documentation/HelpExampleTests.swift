import Testing

/// Each command's help has an example, and the example works as it is printed.
@Suite struct HelpExampleTests {
    @Test(arguments: [
        "key generate", "key show", "init", "append", "log", "show", "inspect", "verify", "check", "rotate", "repair",
        "export", "",
    ])
    func examplesRunAsPrinted(command: String) throws {
        let workspace = try Workspace.withChain()
        try workspace.write("hello\n", to: "photo.jpg")
        try workspace.write("hello\n", to: "photos/a.jpg")
        try workspace.must("key", "generate", "next.pem")
        try workspace.must("append", "evidence", "--key", "signer.pem", "photo.jpg")
        let help = try workspace.shell("chainctl help \(command)").lines.all
        let start = try #require(help.firstIndex { $0.hasSuffix("Example:") })
        let examples = help[(start + 1)...].prefix { $0.hasPrefix("  chainctl ") }
        #expect(!examples.isEmpty)
        for example in examples {
            let outcome = try workspace.shell(example)
            #expect(outcome.status == 0, "\(example)\n\(outcome.errors)")
        }
    }
}
