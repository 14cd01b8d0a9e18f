internal import ArgumentParser
internal import Dispatch
internal import Foundation

/// Measures the project beside what the machine can do, and prints ratios.
///
/// The figures of one run on a shared machine say little, so each limit is measured in the same run, in the same rounds,
/// and what is printed is the median of the rounds' ratios.
@main
struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measures the project beside the machine's limits, interleaved, and prints ratios.")

    @Flag(help: "A short run: a smaller chain, and no chain of a million records.")
    var quick = false
    @Flag(help: "Print the table that docs/performance.md contains.")
    var markdown = false
    @Option(help: "Where to work. Default: a temporary directory that is on a disk.")
    var directory: String?
    @Option(help: "Rounds.")
    var rounds = 9
    @Option(help: "One experiment: append, batch, verify, epoch, scan, open, get or memory. For a profiler.")
    var only: String?
    @Option(help: .hidden)
    var memoryOf: String?
    @Option(help: .hidden)
    var memorySignatures = "all"

    func validate() throws {
        if rounds < 1 { throw ValidationError("at least one round") }
    }

    func run() throws {
        if let memoryOf {
            try MemoryUse.reportOwn(verifying: memoryOf, signatures: memorySignatures)
            return
        }
        let folder = try WorkFolder(in: directory)
        defer { folder.remove() }
        let interrupts = [SIGINT, SIGTERM].map { folder.removeAndExit(on: $0) }
        defer { interrupts.forEach { $0.cancel() } }

        let plan = quick ? Plan.quick : Plan.full
        var table = Table(machine: Machine.description(workingIn: folder.path), plan: plan, rounds: rounds)
        let samples = try Samples(plan, in: folder)
        for make in Self.experiments where only == nil || only == make.name {
            progress(make.name)
            let experiment = try make.with(samples)
            var rounds: [Round] = []
            // The first round warms caches, allocator and branch predictors up, and is not counted.
            for number in 0...self.rounds {
                var round = Round(number: number)
                try experiment.run(&round)
                if number > 0 { rounds.append(round) }
            }
            table.add(experiment.lines, rounds)
        }
        if only == nil || only == "memory" {
            progress("memory")
            try table.add(MemoryUse.measure(samples))
        }
        print(markdown ? table.markdown : table.text)
    }

    private static var experiments: [(name: String, with: (Samples) throws -> any Experiment)] {
        [
            ("append", DurableAppend.init), ("batch", BatchAppend.init), ("verify", VerifyAll.init),
            ("epoch", VerifyEpoch.init), ("scan", Scan.init), ("open", Open.init), ("get", Get.init),
        ]
    }
}

/// Tells whoever waits; the table alone goes to standard output.
func progress(_ text: String) {
    FileHandle.standardError.write(Data("… \(text)\n".utf8))
}

/// Sizes of a run.
struct Plan {
    /// Records of the short and of the long chain.
    let short: Int
    let long: Int
    /// Records of the chain whose every signature is checked, again and again.
    let verified: Int
    /// Records of the chain that only memory is measured on; nil for none.
    let huge: Int?
    let appendsPerRound: Int

    static let full = Plan(short: 1000, long: 200_000, verified: 10_000, huge: 1_000_000, appendsPerRound: 200)
    static let quick = Plan(short: 1000, long: 20_000, verified: 2000, huge: nil, appendsPerRound: 50)
}
