import Foundation
import Testing

/// Standard output and standard error: closed, full, and in order.
@Suite struct OutputTests {
    @Test func aReaderThatGoesAwayIsNoError() throws {
        let workspace = try Workspace.withChain()
        let lines = (0..<3000).map { #"{"content":"\#($0)","content_type":"text/plain"}"# }.joined(separator: "\n")
        try workspace.write(lines, to: "lines")
        try workspace.must("append", "evidence", "--key", "signer.pem", "--batch", "--jsonl", "lines")
        for command in ["log", "export"] {
            let outcome = try workspace.shell(
                "chainctl \(command) evidence | head -n 1 > /dev/null; echo ${PIPESTATUS[0]}")
            #expect(outcome.output == "0\n")
            #expect(outcome.errors.isEmpty)
        }
    }

    @Test func anAppendGoesOnWithoutAReader() throws {
        let workspace = try Workspace.withRecords(2)
        let outcome = try workspace.shell(
            "chainctl append evidence --key signer.pem 0.txt 1.txt 0.txt | true; echo ${PIPESTATUS[0]}")
        #expect(outcome.output == "0\n")
        #expect(try workspace.must("verify", "evidence", "--json").json()["records"] as? Int == 6)
    }

    #if os(Linux)
    @Test(arguments: [
        "log evidence", "show evidence 0", "verify evidence", "inspect evidence --json", "export evidence --jsonl",
        "check evidence 0.txt", "repair evidence", "key show signer.pem", "--help", "log --help", "--version",
        "show evidence 0 --cbor",
    ])
    func aFullDiskIsAnError(line: String) throws {
        let workspace = try Workspace.withRecords(1)
        try workspace.shell("chainctl \(line) > /dev/full")
            .expectError(74, "cannot write to standard output: No space left on device")
    }

    @Test func whatWasAppendedIsSaidWhenTheReportFails() throws {
        let workspace = try Workspace.withRecords(2)
        try workspace.shell("chainctl append evidence --key signer.pem 0.txt 1.txt > /dev/full")
            .expectError(74, "cannot write to standard output", "record 3 of this run is on disk all the same")
    }
    #endif

    @Test func closedDescriptorsNeverBecomeTheChain() throws {
        let workspace = try Workspace.withRecords(2)
        for redirections in [">&-", "2>&-", "<&-", "<&- >&- 2>&-"] {
            let outcome = try workspace.shell(
                "chainctl append evidence --key signer.pem 0.txt \(redirections); echo $?")
            #expect(outcome.lines.last == (redirections.contains(">&-") && redirections != "2>&-" ? "74" : "0"))
            try workspace.must("verify", "evidence")
        }
        try workspace.shell("chainctl log evidence >&-").expectError(74, "cannot write to standard output")
    }

    @Test func resultsComeBeforeTheError() throws {
        let workspace = try Workspace.withRecords(3)
        try workspace.shell("rm evidence/state.cbor")
        try workspace.damage(at: try workspace.offsets()[2] + 50)
        let both = try workspace.shell("chainctl log evidence 2>&1").lines
        #expect(both.count == 3)
        #expect(both.last?.hasPrefix("chainctl: ") == true)
    }

    @Test func version() throws {
        let version = try Workspace().must("--version")
        #expect(version.output == "0.1.0\n")
    }

    @Test(arguments: [[], ["key"], ["--help"], ["help"], ["help", "log"], ["log", "--help"]])
    func helpIsAResult(arguments: [String]) throws {
        let help = try Workspace().run(Workspace.tool, arguments, input: nil, environment: [:])
        #expect(help.status == 0)
        #expect(help.output.contains("USAGE: chainctl"))
        #expect(help.errors.isEmpty)
    }

    @Test(arguments: [
        (["frobnicate"], "chainctl --help"), (["log"], "chainctl log --help"),
        (["key", "show"], "chainctl key show --help"),
        (["log", "a", "b"], "chainctl log --help"), (["--frobnicate"], "chainctl --help"),
    ])
    func wrongUsageNamesTheHelp(arguments: [String], help: String) throws {
        try Workspace().run(Workspace.tool, arguments, input: nil, environment: [:]).expectError(64, "see '\(help)'")
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func completions(shell: String) throws {
        let script = try Workspace().must("--generate-completion-script", shell)
        #expect(script.output.contains("expect-chain-id"))
    }

    @Test func theManualComesFromTheParser() throws {
        #expect(try Workspace().must("--experimental-dump-help").json()["command"] is [String: Any])
    }

    #if os(Linux)
    @Test func fullFoundationIsNeverLinked() throws {
        let libraries = try Workspace().shell("ldd '\(Workspace.tool)'").output
        #expect(libraries.contains("libsodium"))
        for name in ["libFoundation.so", "FoundationInternationalization", "_FoundationICU", "libicu"] {
            #expect(!libraries.contains(name))
        }
    }
    #endif
}
