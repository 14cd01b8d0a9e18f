internal import ArgumentParser

/// The command line tool, from its arguments to its exit code.
public enum ChainTool {
    /// Runs `chainctl` with the process's arguments, and ends the process.
    public static func main() -> Never {
        StandardStreams.prepare()
        let console = Console()
        guard let arguments = ProcessArguments.all() else {
            console.error("an argument is not UTF-8; rename the file, or pass its content on standard input")
            StandardStreams.exit(ExitStatus.usage.rawValue)
        }
        StandardStreams.exit(run(arguments, console).rawValue)
    }

    private static func run(_ arguments: [String], _ console: Console) -> ExitStatus {
        do {
            let status: ExitStatus
            do {
                var command = try Chainctl.parseAsRoot(arguments)
                if let command = command as? any ChainCommand {
                    status = try command.perform(console)
                } else {
                    // Only the parser's own: help.
                    try command.run()
                    status = .done
                }
            } catch  where Chainctl.exitCode(for: error) == .success {
                console.text(Chainctl.fullMessage(for: error))
                status = .done
            }
            try console.flush()
            return status
        } catch {
            let failure = ToolError(error, arguments: arguments)
            // What was found so far goes out first; that it cannot is no news when the error says so already.
            try? console.flush()
            console.error(failure.message)
            return failure.status
        }
    }
}
