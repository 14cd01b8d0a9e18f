internal import ArgumentParser

/// A chain that a command reads.
struct ReadableChainArgument: ParsableArguments {
    @Argument(help: "A chain's directory, or a bare chain file.", completion: .file())
    var chain: String
}

/// A chain that a command writes to.
struct WritableChainArgument: ParsableArguments {
    @Argument(help: "The chain's directory.", completion: .directory)
    var chain: String
}
