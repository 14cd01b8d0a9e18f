import Foundation
import Testing

@Suite struct InspectCommandTests {
    @Test func allFields() throws {
        let workspace = try Workspace.withRecords(3)
        try workspace.must("key", "generate", "next.pem")
        try workspace.must("rotate", "evidence", "--key", "signer.pem", "--new-key", "next.pem")
        let inspected = try workspace.must("inspect", "evidence", "--json").json()
        #expect(
            Set(inspected.keys) == [
                "chain_id", "name", "records", "bytes", "head_index", "head_hash", "signers", "types", "other_types",
                "earliest_ts", "earliest_at", "latest_ts", "latest_at", "state", "tail",
            ])
        #expect(inspected["records"] as? Int == 5)
        #expect(inspected["head_index"] as? Int == 4)
        #expect(inspected["bytes"] as? Int == (try workspace.chainBytes.count))
        let signers = try #require(inspected["signers"] as? [[String: Any]])
        #expect(signers.map { $0["first_index"] as? Int } == [0, 5])
        let types = try #require(inspected["types"] as? [[String: Any]])
        #expect(
            types.map { "\($0["type"] ?? "") \($0["records"] ?? "")" } == [
                "text/plain 3", "attestation-chain/genesis-v1 1", "soosef/key-rotation-v1 1",
            ])
        #expect((inspected["state"] as? [String: Any])?["status"] as? String == "good")
        #expect((inspected["tail"] as? [String: Any])?["status"] as? String == "clean")
        let text = try workspace.must("inspect", "evidence").output
        for part in [
            "name       Case 4711\n", "records    5\n", " records 0 to 4\n", " from record 5 on\n",
            "type       text/plain: 3 records\n",
            "state      state.cbor is good, and covers ", "tail       clean\n",
        ] { #expect(text.contains(part)) }
    }

    @Test func states() throws {
        let workspace = try Workspace.withRecords(1)
        func state() throws -> String? {
            let inspected = try workspace.must("inspect", "evidence", "--json").json()
            return (inspected["state"] as? [String: Any])?["status"] as? String
        }
        try workspace.write("garbage", to: "evidence/state.cbor")
        #expect(try state() == "unusable")
        #expect(try workspace.must("inspect", "evidence").output.contains("state      state.cbor is not usable: "))
        try workspace.shell("rm evidence/state.cbor")
        #expect(try state() == "missing")
        #expect(try workspace.names("evidence") == ["chain.bin"])
        try workspace.tear()
        let torn = try workspace.run("inspect", "evidence", "--json").json()["tail"] as? [String: Any]
        #expect(torn?["status"] as? String == "torn")
        #expect(torn?["torn_bytes"] as? Int == 8)
    }
}
