import Foundation
import Testing

@Suite struct InitCommandTests {
    @Test func beginsAChain() throws {
        let workspace = try Workspace()
        try workspace.must("key", "generate", "signer.pem")
        let begun = try workspace.must("init", "evidence", "--key", "signer.pem", "--name", "Case 4711")
        #expect(try workspace.names("evidence") == ["chain.bin", "state.cbor"])
        #expect(begun.errors == "chainctl: note: keep the chain id: it is what others pin (verify --expect-chain-id)\n")
        let inspected = try workspace.must("inspect", "evidence", "--json").json()
        #expect(begun.lines[0] == "chain id  \(inspected["chain_id"] as? String ?? "")")
        #expect(inspected["name"] as? String == "Case 4711")
        #expect(inspected["records"] as? Int == 1)
    }

    @Test func asJSON() throws {
        let workspace = try Workspace()
        let key = try workspace.must("key", "generate", "signer.pem", "--json").json()
        let begun = try workspace.must("init", "evidence", "--key", "signer.pem", "--json").json()
        #expect(Set(begun.keys) == ["chain_id", "name", "signer", "signer_fingerprint"])
        #expect(begun["signer"] as? String == key["public_key"] as? String)
        #expect(begun["signer_fingerprint"] as? String == key["fingerprint"] as? String)
        #expect(begun["name"] is NSNull)
    }

    @Test func refusesAnExistingChain() throws {
        let workspace = try Workspace.withChain()
        let before = try workspace.chainBytes
        try workspace.run("init", "evidence", "--key", "signer.pem").expectError(73, "evidence", "here already")
        #expect(try workspace.chainBytes == before)
    }

    @Test func refusesAStateWithoutAChain() throws {
        let workspace = try Workspace.withRecords(1)
        try workspace.shell("rm evidence/chain.bin")
        try workspace.run("init", "evidence", "--key", "signer.pem").expectError(3, "records were cut off or lost")
    }

    @Test func anEmptyDirectoryWillDo() throws {
        let workspace = try Workspace()
        try workspace.must("key", "generate", "signer.pem")
        try workspace.shell("mkdir evidence")
        try workspace.must("init", "evidence", "--key", "signer.pem")
    }

    @Test func refusesWhatIsNoDirectory() throws {
        let workspace = try Workspace()
        try workspace.must("key", "generate", "signer.pem")
        try workspace.write("x", to: "file")
        try workspace.run("init", "file", "--key", "signer.pem").expectError(65, "file")
        try workspace.run("init", "no/chain", "--key", "signer.pem").expectError(66, "no/chain")
        #expect(try workspace.read("file") == Data("x".utf8))
    }
}
