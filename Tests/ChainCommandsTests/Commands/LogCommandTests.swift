import Foundation
import Testing

@Suite struct LogCommandTests {
    private func indices(_ outcome: Outcome) -> [Int?] {
        outcome.lines.map { line in line.split(separator: " ").first.flatMap { Int($0) } }
    }

    @Test func oneLineARecord() throws {
        let workspace = try Workspace.withRecords(11)
        let log = try workspace.must("log", "evidence")
        #expect(log.errors.isEmpty)
        #expect(indices(log) == Array(0...11))
        let fingerprint =
            try workspace.must("key", "show", "signer.pem", "--json").json()["fingerprint"] as? String ?? ""
        let sum = try workspace.shell("sha256sum 0.txt").lines[0]
        #expect(log.lines[1].hasPrefix(" 1 "))
        #expect(log.lines[1].hasSuffix("Z text/plain       \(sum.prefix(12)) \(fingerprint.prefix(8)) 0.txt"))
        #expect(log.lines[0].hasSuffix(" \(fingerprint.prefix(8)) Case 4711"))
        #expect(log.lines.dropFirst().allSatisfy { $0.count <= 80 })
    }

    @Test(arguments: [
        ("0..2", [0, 1, 2]), ("3..", [3, 4, 5]), ("..1", [0, 1]), ("4", [4]), ("HEAD", [5]),
        ("HEAD~2..HEAD", [3, 4, 5]),
        ("HEAD~1", [4]), ("..HEAD~4", [0, 1]), ("0..HEAD", [0, 1, 2, 3, 4, 5]),
    ])
    func ranges(range: String, expected: [Int]) throws {
        let workspace = try Workspace.withRecords(5)
        #expect(indices(try workspace.must("log", "evidence", "--range", range)) == expected)
        #expect(indices(try workspace.must("log", "evidence", "--range", range, "--reverse")) == expected.reversed())
    }

    @Test(arguments: ["3..2", "0..6", "6", "6..", "HEAD~6", "..HEAD~6", "HEAD..0"])
    func rangesOutsideOfTheChain(range: String) throws {
        let workspace = try Workspace.withRecords(5)
        for command in ["log", "export"] {
            try workspace.run(command, "evidence", "--range", range).expectError(64)
        }
    }

    @Test(arguments: [
        "", "..", "a..b", "-1", "1..-1", "1...2", "HEAD~", "HEAD~-1", "HEAD~x", "+1", "1.2", "head",
        "99999999999999999999",
    ])
    func rangesThatAreNone(range: String) throws {
        let workspace = try Workspace.withChain()
        try workspace.run("log", "evidence", "--range=\(range)").expectError(64, "see 'chainctl log --help'")
    }

    @Test func filters() throws {
        let workspace = try Workspace()
        let day: Int64 = 86_400_000_000
        // The first of January 2025, and the days behind it.
        let start: Int64 = 1_735_689_600_000_000
        try TimedChain.make(in: workspace, (0..<7).map { start + $0 * day })
        func log(_ options: String...) throws -> [Int?] {
            indices(try workspace.run(Workspace.tool, ["log", "evidence"] + options, input: nil, environment: [:]))
        }
        #expect(try log("--since", "2025-01-03") == [2, 3, 4, 5, 6])
        #expect(try log("--until", "2025-01-03") == [0, 1])
        #expect(try log("--since", "2025-01-02T00:00:00.000001Z", "--until", "2025-01-04T01:00:00+01:00") == [2])
        #expect(try log("--type", "text/a") == [1, 3, 5])
        #expect(try log("--type", "text/a", "-n", "2") == [3, 5])
        #expect(try log("-n", "2") == [5, 6])
        #expect(try log("-n", "2", "--reverse") == [6, 5])
        #expect(try log("-n", "100") == [0, 1, 2, 3, 4, 5, 6])
        #expect(try log("--range", "1..4", "-n", "2") == [3, 4])
        #expect(try log("--type", "none") == [])
    }

    @Test(arguments: [
        ["--since", "yesterday"], ["--since", "2025-02-30"], ["--until", "2025-01-01T00:00:00"], ["-n", "0"],
        ["-n", "-1"],
        ["-n", "x"],
    ])
    func badFilters(options: [String]) throws {
        let workspace = try Workspace.withChain()
        try workspace.run(Workspace.tool, ["log", "evidence"] + options, input: nil, environment: [:])
            .expectError(64, "see 'chainctl log --help'")
    }

    @Test func timesBeyondTheCalendar() throws {
        let workspace = try Workspace()
        try TimedChain.make(
            in: workspace,
            [.min, -1, 0, 253_402_300_799_999_999, 253_402_300_800_000_000, .max, -62_167_219_200_000_000])
        let records = try workspace.must("log", "evidence", "--json").jsonLines()
        let texts = records.map { $0["claimed_at"] as? String }
        #expect(
            texts == [
                nil, "1969-12-31T23:59:59.999999Z", "1970-01-01T00:00:00.000000Z", "9999-12-31T23:59:59.999999Z", nil,
                nil,
                "0000-01-01T00:00:00.000000Z",
            ])
        #expect(records[0]["claimed_at"] is NSNull)
        #expect(records[0]["claimed_ts"] as? Int64 == .min)
        #expect(records[5]["claimed_ts"] as? Int64 == .max)
        for command in ["log", "inspect", "export"] { try workspace.must(command, "evidence") }
        try workspace.must("show", "evidence", "0")
    }

    @Test func asJSON() throws {
        let workspace = try Workspace.withRecords(2)
        let logged = try workspace.must("log", "evidence", "--json")
        #expect(logged.output == (try workspace.must("export", "evidence", "--jsonl").output))
        #expect(try logged.jsonLines().map { $0["index"] as? Int } == [0, 1, 2])
    }

    @Test func aTornTailIsANote() throws {
        let workspace = try Workspace.withRecords(1)
        let sound = try workspace.must("log", "evidence")
        try workspace.tear()
        let before = try workspace.chainBytes
        for arguments in [
            ["log", "evidence"], ["show", "evidence", "HEAD"], ["inspect", "evidence"], ["export", "evidence"],
        ] {
            let torn = try workspace.run(Workspace.tool, arguments, input: nil, environment: [:])
            torn.expectError(
                0, "note: evidence: 8 bytes of a record that was never finished", "chainctl repair", output: nil)
            #expect(!torn.output.isEmpty)
        }
        #expect(try workspace.run("log", "evidence").output == sound.output)
        #expect(try workspace.chainBytes == before)
    }

    @Test func aDamagedChainShowsWhatHolds() throws {
        let workspace = try Workspace.withRecords(4)
        try workspace.shell("rm evidence/state.cbor")
        let offset = try workspace.offsets()[3]
        try workspace.damage(at: offset + 50)
        let log = try workspace.run("log", "evidence")
        log.expectError(1, "evidence/chain.bin: record 3: offset \(offset): ", "chainctl verify", output: nil)
        #expect(indices(log) == [0, 1, 2])
        let inspected = try workspace.run("inspect", "evidence", "--json")
        inspected.expectError(1, "record 3", output: nil)
        #expect(try inspected.json()["records"] as? Int == 3)
        let shown = try workspace.run("show", "evidence", "HEAD", "--json")
        shown.expectError(1, "record 3", output: nil)
        #expect(try shown.json()["index"] as? Int == 2)
        try workspace.run("show", "evidence", "3").expectError(64, "no record 3")
    }

    @Test func aCutChainShowsWhatHolds() throws {
        let workspace = try Workspace.withRecords(4)
        try workspace.write(try workspace.chainBytes.prefix(try workspace.offsets()[3]), to: "evidence/chain.bin")
        for command in ["log", "inspect", "export"] {
            let outcome = try workspace.run(command, "evidence", "--json")
            outcome.expectError(3, "state.cbor knew 5", output: nil)
            #expect(try !outcome.jsonLines().isEmpty)
        }
    }

    @Test func aBareFileIsReadToo() throws {
        let workspace = try Workspace.withRecords(2)
        let whole = try workspace.must("log", "evidence")
        #expect(try workspace.must("log", "evidence/chain.bin").output == whole.output)
        try workspace.must("verify", "evidence/chain.bin")
    }

    @Test(arguments: ["log", "inspect", "verify", "export"])
    func whatIsNoChain(command: String) throws {
        let workspace = try Workspace()
        try workspace.shell(
            "mkdir d; mkfifo f; ln -s nowhere l; mkdir e; mkfifo e/chain.bin; mkdir g; mkdir g/chain.bin")
        try workspace.run(command, "missing").expectError(66, "missing: ")
        try workspace.run(command, "d").expectError(66, "d/chain.bin", "'init' begins one")
        try workspace.run(command, "f").expectError(65, "f: not a regular file")
        try workspace.run(command, "l").expectError(66, "l: ")
        try workspace.run(command, "e").expectError(65, "e/chain.bin: not a regular file")
        try workspace.run(command, "g").expectError(65, "g/chain.bin: not a regular file")
    }

    @Test(arguments: ["log", "inspect", "export"])
    func anEmptyChain(command: String) throws {
        let workspace = try Workspace()
        try workspace.shell("mkdir d; : > d/chain.bin; head -c 100 /dev/zero > zero; echo garbage > garbage")
        try workspace.run(command, "d").expectError(65, "d: the chain holds no record")
        try workspace.run(command, "garbage").expectError(1, "garbage: record 0: offset 0: ")
        #expect(try workspace.run(command, "zero").status == 65)
    }
}
