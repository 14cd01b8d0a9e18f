import Foundation
import Testing

@Suite struct RotateCommandTests {
    @Test func handsTheChainOver() throws {
        let workspace = try Workspace.withRecords(1)
        try workspace.must("key", "generate", "next.pem")
        let rotated = try workspace.must("rotate", "evidence", "--key", "signer.pem", "--new-key", "next.pem")
        #expect(rotated.lines.count == 3)
        #expect(rotated.lines[2].hasSuffix(" from record 3 on"))
        try workspace.run("append", "evidence", "--key", "signer.pem", "0.txt").expectError(77, "may not sign record 3")
        try workspace.must("append", "evidence", "--key", "next.pem", "0.txt")
        try workspace.must("verify", "evidence")
    }

    @Test func asJSON() throws {
        let workspace = try Workspace.withChain()
        let next = try workspace.must("key", "generate", "next.pem", "--json").json()
        let rotated = try workspace.must("rotate", "evidence", "--key", "signer.pem", "--new-key", "next.pem", "--json")
            .json()
        #expect(
            Set(rotated.keys) == [
                "index", "record_hash", "old_signer", "old_fingerprint", "new_signer", "new_fingerprint", "claimed_ts",
                "claimed_at",
            ])
        #expect(rotated["new_signer"] as? String == next["public_key"] as? String)
        #expect(rotated["index"] as? Int == 1)
    }

    @Test func refusals() throws {
        let workspace = try Workspace.withChain()
        try workspace.must("key", "generate", "next.pem")
        let first = try workspace.chainBytes
        try workspace.run("rotate", "evidence", "--key", "signer.pem", "--new-key", "signer.pem")
            .expectError(65, "already a key of this chain", "nothing was written")
        try workspace.run("rotate", "evidence", "--key", "signer.pem", "--new-key", "next.pem.pub").expectError(
            77, "others may read")
        try workspace.run("rotate", "evidence", "--key", "signer.pem", "--new-key", "missing").expectError(
            66, "missing")
        try workspace.run("rotate", "evidence", "--key", "next.pem", "--new-key", "signer.pem").expectError(
            77, "may not sign")
        try workspace.run("rotate", "evidence", "--key", "signer.pem").expectError(64, "--new-key")
        #expect(try workspace.chainBytes == first)
        try workspace.must("rotate", "evidence", "--key", "signer.pem", "--new-key", "next.pem")
        try workspace.run("rotate", "evidence", "--key", "next.pem", "--new-key", "signer.pem")
            .expectError(65, "already a key of this chain")
    }
}
