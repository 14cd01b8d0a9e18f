import Foundation
import Testing

@Suite struct RepairCommandTests {
    @Test func cutsATornTailOffAndKeepsIt() throws {
        let workspace = try Workspace.withRecords(1)
        let whole = try workspace.chainBytes
        try workspace.tear()
        let tail = try workspace.chainBytes.dropFirst(whole.count)
        let repaired = try workspace.must("repair", "evidence")
        let evidence = try #require(try workspace.names("evidence").first { $0.hasPrefix("chain.bin.torn-") })
        #expect(repaired.output == "cut off 8 bytes at offset \(whole.count), kept as \(evidence)\n")
        #expect(try workspace.read("evidence/\(evidence)") == tail)
        #expect(try workspace.chainBytes == whole)
        #expect(try workspace.must("repair", "evidence").output == "nothing to repair\n")
        try workspace.must("verify", "evidence")
    }

    @Test func asJSON() throws {
        let workspace = try Workspace.withRecords(1)
        let nothing = try workspace.must("repair", "evidence", "--json").json()
        #expect(Set(nothing.keys) == ["repaired", "torn_bytes", "torn_offset", "evidence", "unusable_state"])
        #expect(nothing["repaired"] as? Bool == false)
        #expect(nothing["torn_offset"] is NSNull)
        try workspace.tear()
        try workspace.write("garbage", to: "evidence/state.cbor")
        let both = try workspace.must("repair", "evidence", "--json").json()
        #expect(both["torn_bytes"] as? Int == 8)
        #expect(both["unusable_state"] is String)
        #expect(try workspace.names("evidence").contains { $0.hasPrefix("state.cbor.bad-") })
    }

    @Test func neverMore() throws {
        let workspace = try Workspace.withRecords(3)
        try workspace.shell("rm evidence/state.cbor")
        try workspace.damage(at: try workspace.offsets()[2] + 50)
        let damaged = try workspace.chainBytes
        try workspace.run("repair", "evidence").expectError(1, "record 2")
        #expect(try workspace.chainBytes == damaged)
        #expect(try workspace.names("evidence") == ["chain.bin"])
    }

    @Test func aCutChainIsNotRepaired() throws {
        let workspace = try Workspace.withRecords(3)
        let cut = try workspace.chainBytes.prefix(try workspace.offsets()[2])
        try workspace.write(cut, to: "evidence/chain.bin")
        try workspace.run("repair", "evidence").expectError(3, "state.cbor knew 4")
        #expect(try workspace.chainBytes == cut)
    }

    @Test func refusals() throws {
        let workspace = try Workspace.withChain()
        try workspace.run("repair", "missing").expectError(66, "missing")
        try workspace.run("repair", "evidence/chain.bin").expectError(65, "bare chain file")
    }
}
