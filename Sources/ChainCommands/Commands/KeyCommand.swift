internal import ArgumentParser

/// Groups the commands about key files.
struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Make and look at keys.",
        subcommands: [KeyGenerateCommand.self, KeyShowCommand.self])
}
