internal import ArgumentParser

/// The root of the commands.
struct Chainctl: ParsableCommand {
    /// The only place that says which version this is.
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "chainctl",
        abstract: "Keep and check append-only chains of signed records.",
        discussion: """
            A chain attests files: each record holds a file's SHA-256, is signed, and is linked to the record before it.

            Example:
              chainctl key generate first.pem
              chainctl init first --key first.pem --name "My first chain"
              chainctl append first --key first.pem photo.jpg
              chainctl verify first

            Exit codes: 0 done, what was checked holds; 1 checked and found invalid; 2 valid up to a torn tail; 3 \
            rolled back or forked; 64 usage; 65 input that cannot be decoded; 66 no such file; 73 exists already; 74 \
            I/O error; 75 locked by another writer; 77 key not authorized, or no permission.
            """,
        version: version,
        subcommands: [
            KeyCommand.self, InitCommand.self, AppendCommand.self, LogCommand.self, ShowCommand.self,
            InspectCommand.self,
            VerifyCommand.self, CheckCommand.self, RotateCommand.self, RepairCommand.self, ExportCommand.self,
        ])
}

/// A command that does something.
protocol ChainCommand: ParsableCommand {
    /// Does it. Results go to the console; the exit code is what was found, and what went wrong is thrown.
    func perform(_ console: Console) throws -> ExitStatus
}
