internal import ArgumentParser
internal import AttestationChain

/// What to do while another writer has the chain.
struct WaitOption: ParsableArguments {
    /// A day.
    private static let longest = 86400

    @Option(
        help: ArgumentHelp("Wait this long while another writer has the chain.", valueName: "seconds"),
        transform: { text in
            guard let seconds = Int(text), (0...Self.longest).contains(seconds) else {
                throw ValidationError("whole seconds from 0 to \(Self.longest)")
            }
            return seconds
        })
    var wait = 0

    var lock: LockWait { wait == 0 ? .fail : .wait(upTo: .seconds(wait)) }
}
