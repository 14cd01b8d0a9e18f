internal import ArgumentParser
internal import AttestationChain

/// Why a command stopped: one line for people, and the exit code. Everything thrown ends up as one.
struct ToolError: Error, CustomStringConvertible {
    let status: ExitStatus
    var message: String

    var description: String { message }

    init(_ status: ExitStatus, _ message: String) {
        self.status = status
        self.message = message
    }

    init(_ error: ChainError) {
        self.init(Self.status(of: error.code), error.description + Self.advice(for: error.code))
    }

    /// Takes in whatever was thrown. `arguments`, what the process was called with, say which command's help to read.
    init(_ error: any Error, arguments: [String]) {
        switch error {
        case let error as ToolError: self = error
        case let error as ChainError: self.init(error)
        default:
            // The parser's own: wrong usage. Its message may have several lines.
            let lines = Chainctl.message(for: error).split(separator: "\n").map { $0.drop { $0 == " " } }
            self.init(.usage, "\(lines.joined(separator: " ")); see '\(Self.command(arguments)) --help'")
        }
    }

    /// The exit code of each of the library's errors.
    private static func status(of code: ChainError.Code) -> ExitStatus {
        switch code {
        case .damaged: .invalid
        case .rolledBack: .rolledBack
        case .outOfRange: .usage
        case .empty, .notAChainFile, .invalidRecord, .key: .undecodable
        case .notFound: .notFound
        case .alreadyExists: .exists
        case .inputOutput, .lockingUnsupported, .replaced, .notCommitted, .unknownOutcome, .writerUnusable: .inputOutput
        case .locked, .lockedByThisProcess: .locked
        case .permissionDenied, .unauthorizedSigner, .exposedKey: .notPermitted
        }
    }

    /// What to do, where the library's sentence leaves that to the tool.
    private static func advice(for code: ChainError.Code) -> String {
        switch code {
        case .damaged: "; 'chainctl verify' shows all findings; restore the chain from a copy, nothing here repairs it"
        case .rolledBack: "; find a copy that is not shorter, and 'chainctl verify' both"
        case .locked: " (--wait SECONDS)"
        case .unauthorizedSigner: "; 'chainctl inspect' shows who may sign"
        case .invalidRecord: "; nothing was written for it"
        default: ""
        }
    }

    /// The command that the arguments name, as it is typed.
    private static func command(_ arguments: [String]) -> String {
        var name = "chainctl"
        var command: any ParsableCommand.Type = Chainctl.self
        for argument in arguments {
            let next = command.configuration.subcommands.first { $0.configuration.commandName == argument }
            guard let next else { break }
            name += " " + argument
            command = next
        }
        return name
    }
}
