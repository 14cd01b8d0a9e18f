import Foundation
import Testing

@Suite struct CheckCommandTests {
    @Test func saysWhichRecordsAttestAFile() throws {
        let workspace = try Workspace.withRecords(3)
        try workspace.must("append", "evidence", "--key", "signer.pem", "1.txt")
        try workspace.shell("cp 1.txt renamed; echo other > other")
        let found = try workspace.must("check", "evidence", "renamed", "0.txt")
        #expect(found.lines.count == 3)
        #expect(found.lines[0].hasPrefix("renamed: record 2, claimed ") && found.lines[0].hasSuffix(", as 1.txt"))
        #expect(found.lines[1].hasPrefix("renamed: record 4, claimed "))
        #expect(found.lines[2].hasPrefix("0.txt: record 1, claimed "))
        let partly = try workspace.run("check", "evidence", "other", "0.txt")
        #expect(partly.status == 1)
        #expect(partly.lines[0].hasPrefix("other: not attested here (SHA-256 "))
        #expect(partly.errors.isEmpty)
    }

    @Test func asJSON() throws {
        let workspace = try Workspace.withRecords(2)
        let outcome = try workspace.run(
            "check", "evidence", "--json", "-", "1.txt", "signer.pem", input: "content of 0.txt\n")
        #expect(outcome.status == 1)
        let files = try outcome.jsonLines()
        #expect(files.allSatisfy { Set($0.keys) == ["path", "content_hash", "attested", "records"] })
        #expect(files.map { $0["attested"] as? Bool } == [true, true, false])
        let record = try #require((files[0]["records"] as? [[String: Any]])?.first)
        #expect(
            Set(record.keys) == ["index", "record_hash", "content_type", "name", "claimed_ts", "claimed_at", "signer"])
        #expect(record["index"] as? Int == 1)
        #expect((files[2]["records"] as? [Any])?.isEmpty == true)
    }

    @Test func refusals() throws {
        let workspace = try Workspace.withRecords(1)
        try workspace.shell("mkdir d; mkfifo f")
        try workspace.run("check", "evidence", "missing").expectError(66, "missing")
        try workspace.run("check", "evidence", "d").expectError(65, "d: a directory")
        try workspace.run("check", "evidence", "f").expectError(65, "f: not a regular file")
        try workspace.run("check", "evidence").expectError(64, "see 'chainctl check --help'")
        try workspace.run("check", "evidence", "-", "-").expectError(64, "once only")
        try workspace.run("check", "missing", "0.txt").expectError(66, "missing")
    }

    @Test func aDamagedChainIsNoProof() throws {
        let workspace = try Workspace.withRecords(3)
        try workspace.shell("rm evidence/state.cbor")
        try workspace.damage(at: try workspace.offsets()[2] + 50)
        let found = try workspace.run("check", "evidence", "0.txt")
        found.expectError(1, "record 2", output: nil)
        #expect(found.lines.count == 1)
    }
}
