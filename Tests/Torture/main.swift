import AttestationChain
import Foundation

/// A campaign takes minutes: each line is worth seeing when it is true, so nothing is buffered.
func print(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

/// `torture crash|bugs [--quick] [--seed N]`: runs a campaign of docs/durability.md and ends with one line of totals.
let arguments = CommandLine.arguments.dropFirst()
let quick = arguments.contains("--quick")
let seed =
    arguments.firstIndex(of: "--seed").flatMap { arguments.dropFirst($0 - arguments.startIndex + 1).first }
    .flatMap { UInt64($0) } ?? 1

switch arguments.first {
case "crash":
    var totals = CrashCampaign.Totals()
    // Drawn histories go on where the written ones end: more of them at full size.
    let drawn = (0..<(quick ? 2 : 20)).map { Scenario.random(seed: seed &* 1000 &+ UInt64($0)) }
    let scenarios = Scenario.all + drawn
    for scenario in scenarios {
        var campaign = CrashCampaign(quick: quick, seed: seed)
        campaign.run(scenario)
        totals += campaign.totals
        print("\(scenario.name): \(campaign.totals.states) states, \(campaign.totals.violations.count) violations")
        for violation in campaign.totals.violations.prefix(5) { print("  \(violation)") }
    }
    print(
        "crash: \(totals.states) states, \(totals.distinct) distinct, \(scenarios.count) scenarios,"
            + " \(totals.violations.count) violations, seed \(seed)")
    exit(totals.violations.isEmpty ? 0 : 1)
case "bugs":
    var missed = 0
    for bug in Sabotage.Kind.allCases {
        var caught: String?
        // What a scenario's own crashes show is found soonest without those during recovery.
        for crashesInRecovery in [false, true] {
            for scenario in Scenario.all where caught == nil {
                var campaign = CrashCampaign(
                    quick: true, seed: seed, sabotage: bug, crashesInRecovery: crashesInRecovery)
                campaign.run(scenario)
                caught = campaign.totals.violations.first
            }
        }
        print("\(caught == nil ? "MISSED" : "caught"): \(bug.rawValue): \(caught ?? "")")
        if caught == nil { missed += 1 }
    }
    print("bugs: \(Sabotage.Kind.allCases.count) planted, \(missed) missed, seed \(seed)")
    exit(missed == 0 ? 0 : 1)
default:
    print("torture crash|bugs [--quick] [--seed N]")
    exit(64)
}
