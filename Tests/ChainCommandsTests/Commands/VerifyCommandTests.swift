import Foundation
import Testing

@Suite struct VerifyCommandTests {
    @Test func exactlyTheFieldsOfTheContract() throws {
        let workspace = try Workspace.withRecords(2)
        try workspace.must("key", "generate", "next.pem")
        try workspace.must("rotate", "evidence", "--key", "signer.pem", "--new-key", "next.pem")
        let verdict = try workspace.must("verify", "evidence", "--json").json()
        #expect(
            Set(verdict.keys) == [
                "verdict", "chain_id", "records", "bytes", "head_index", "head_hash", "integrity", "signatures",
                "authorization", "identity", "tail", "signers", "findings",
            ])
        #expect(verdict["verdict"] as? String == "valid")
        #expect(verdict["records"] as? Int == 4)
        #expect(verdict["integrity"] as? String == "intact")
        #expect(verdict["authorization"] as? String == "ok")
        let signatures = try #require(verdict["signatures"] as? [String: Any])
        #expect(Set(signatures.keys) == ["mode", "checked", "valid"])
        #expect(signatures["checked"] as? Int == 4)
        let identity = try #require(verdict["identity"] as? [String: Any])
        #expect(Set(identity.keys) == ["pinned", "by"])
        #expect(identity["by"] as? String == "none")
        let tail = try #require(verdict["tail"] as? [String: Any])
        #expect(Set(tail.keys) == ["status", "pinned_by"])
        #expect(tail["pinned_by"] as? String == "state")
        let signers = try #require(verdict["signers"] as? [[String: Any]])
        #expect(
            signers.map { Set($0.keys) } == [
                ["fingerprint", "first_index", "last_index"], ["fingerprint", "first_index", "last_index"],
            ])
        try #require(signers.count == 2)
        #expect(signers[0]["last_index"] as? Int == 3)
        #expect(signers[1]["last_index"] is NSNull)
        #expect((verdict["findings"] as? [Any])?.isEmpty == true)
    }

    @Test func whatIsNotPinnedIsSaid() throws {
        let workspace = try Workspace.withRecords(1)
        let text = try workspace.must("verify", "evidence").output
        #expect(text.hasPrefix("VALID\n"))
        #expect(
            text.contains(
                "identity    not pinned: anyone could have made this chain; pass --expect-chain-id or --expect-signer\n"
            ))
        #expect(
            text.contains(
                "tail        pinned only by state.cbor beside it, which whoever can cut the chain can change too; pass --expect-head\n"
            ))
        try workspace.shell("rm evidence/state.cbor")
        let bare = try workspace.must("verify", "evidence").output
        #expect(bare.contains("tail        not pinned: records may be missing from the end; pass --expect-head\n"))
    }

    @Test func expectationsThatHold() throws {
        let workspace = try Workspace.withRecords(2)
        let inspected = try workspace.must("inspect", "evidence", "--json").json()
        let chainID = inspected["chain_id"] as? String ?? ""
        let fingerprint =
            try workspace.must("key", "show", "signer.pem", "--json").json()["fingerprint"] as? String ?? ""
        let hash = try workspace.must("show", "evidence", "1", "--json").json()["record_hash"] as? String ?? ""
        let verdict = try workspace.must(
            "verify", "evidence", "--expect-chain-id", chainID, "--expect-signer", fingerprint, "--expect-head",
            "1:\(hash)",
            "--json"
        ).json()
        #expect((verdict["identity"] as? [String: Any])?["by"] as? String == "chain-id")
        #expect((verdict["identity"] as? [String: Any])?["pinned"] as? Bool == true)
        #expect((verdict["tail"] as? [String: Any])?["pinned_by"] as? String == "expect-head")
        let bySigner = try workspace.must("verify", "evidence", "--expect-signer", fingerprint).output
        #expect(bySigner.contains("identity    pinned: the expected key signed the first record\n"))
        // A cut that state.cbor would hide is found.
        try workspace.shell("rm evidence/state.cbor")
        try workspace.write(try workspace.chainBytes.prefix(try workspace.offsets()[1]), to: "evidence/chain.bin")
        #expect(try workspace.run("verify", "evidence").status == 0)
        let cut = try workspace.run("verify", "evidence", "--expect-head", "1:\(hash)")
        #expect(cut.status == 3)
        #expect(cut.output.hasPrefix("ROLLBACK\n"))
        #expect(cut.output.contains("tail        truncated: "))
        #expect(cut.output.contains("expected-head"))
    }

    @Test func expectationsThatDoNot() throws {
        let workspace = try Workspace.withRecords(2)
        let other = String(repeating: "ab", count: 32)
        let chain = try workspace.run("verify", "evidence", "--expect-chain-id", other)
        #expect(chain.status == 1)
        #expect(chain.output.hasPrefix("INVALID\n"))
        #expect(chain.output.contains("error       identity: the chain id is "))
        #expect(chain.errors.isEmpty)
        #expect(try workspace.run("verify", "evidence", "--expect-signer", other).status == 1)
        let head = try workspace.run("verify", "evidence", "--expect-head", "1:\(other)", "--json")
        #expect(head.status == 3)
        #expect(try head.json()["verdict"] as? String == "rollback")
        let finding = try #require((try head.json()["findings"] as? [[String: Any]])?.first)
        #expect(Set(finding.keys) == ["rule", "severity", "index", "offset", "message"])
        #expect(finding["rule"] as? String == "expected-head")
        #expect(finding["severity"] as? String == "error")
        #expect(finding["index"] as? Int == 1)
    }

    @Test(arguments: [
        ["--expect-chain-id", "x"], ["--expect-chain-id", String(repeating: "AB", count: 32)],
        ["--expect-signer", "x"],
        ["--expect-head", "x"], ["--expect-head", "1"], ["--expect-head", "-1:\(String(repeating: "ab", count: 32))"],
        ["--expect-head", "1:ab"], ["--signatures", "some"], ["--range", "x"], ["--range", "2..1"],
        ["--range", "0..3"],
        ["--range", "HEAD~3.."], ["--range", "9223372036854775807"],
    ])
    func usage(options: [String]) throws {
        let workspace = try Workspace.withRecords(2)
        try workspace.run(Workspace.tool, ["verify", "evidence"] + options, input: nil, environment: [:]).expectError(
            64)
    }

    @Test func epochs() throws {
        let workspace = try Workspace.withRecords(5)
        let verdict = try workspace.must("verify", "evidence", "--signatures", "epoch", "--json").json()
        let signatures = try #require(verdict["signatures"] as? [String: Any])
        #expect(signatures["mode"] as? String == "epoch")
        #expect(signatures["checked"] as? Int == 1)
        let text = try workspace.must("verify", "evidence", "--signatures", "epoch").output
        #expect(text.contains("but not each record's own signature"))
        let ranged = try workspace.must("verify", "evidence", "--signatures", "epoch", "--range", "1..HEAD~2", "--json")
            .json()
        // Three in the range, and one at the chain's end.
        #expect((ranged["signatures"] as? [String: Any])?["checked"] as? Int == 4)
        // A signature that is wrong inside of a run is found only where it is looked at.
        try workspace.shell("rm evidence/state.cbor")
        try workspace.damage(at: try workspace.offsets()[3] - 1)
        #expect(try workspace.run("verify", "evidence", "--signatures", "epoch").status == 0)
        #expect(try workspace.run("verify", "evidence", "--signatures", "epoch", "--range", "2").status == 1)
        #expect(try workspace.run("verify", "evidence").status == 1)
    }

    @Test func damage() throws {
        let workspace = try Workspace.withRecords(3)
        let offset = try workspace.offsets()[2]
        try workspace.damage(at: offset + 70)
        let text = try workspace.run("verify", "evidence")
        #expect(text.status == 1)
        #expect(text.output.hasPrefix("INVALID\n"))
        #expect(text.output.contains("records     2 hold; the file has "))
        #expect(text.output.contains(", record 2, offset \(offset): "))
        let verdict = try workspace.run("verify", "evidence", "--json")
        #expect(verdict.status == 1)
        #expect(try verdict.json()["integrity"] as? String == "damaged")
        #expect(try verdict.json()["head_index"] as? Int == 1)
        // Damage is the verdict even when the range is behind it.
        #expect(try workspace.run("verify", "evidence", "--range", "3").status == 1)
    }

    @Test func aTornTail() throws {
        let workspace = try Workspace.withRecords(1)
        try workspace.tear()
        let before = try workspace.chainBytes
        let torn = try workspace.run("verify", "evidence")
        #expect(torn.status == 2)
        #expect(torn.output.hasPrefix("TORN\n"))
        #expect(torn.output.hasSuffix("to cut the torn tail off, type: chainctl repair evidence\n"))
        let verdict = try workspace.run("verify", "evidence", "--json").json()
        #expect(verdict["verdict"] as? String == "torn")
        #expect((verdict["tail"] as? [String: Any])?["status"] as? String == "torn")
        #expect(try workspace.chainBytes == before)
    }

    @Test func rollback() throws {
        let workspace = try Workspace.withRecords(3)
        try workspace.write(try workspace.chainBytes.prefix(try workspace.offsets()[2]), to: "evidence/chain.bin")
        let cut = try workspace.run("verify", "evidence")
        #expect(cut.status == 3)
        #expect(cut.output.hasPrefix("ROLLBACK\n"))
        #expect(
            (try workspace.run("verify", "evidence", "--json").json()["tail"] as? [String: Any])?["status"] as? String
                == "truncated")
    }

    @Test func anEmptyFile() throws {
        let workspace = try Workspace()
        try workspace.shell("mkdir evidence; : > evidence/chain.bin")
        let empty = try workspace.run("verify", "evidence", "--json")
        #expect(empty.status == 1)
        let verdict = try empty.json()
        for field in ["chain_id", "head_index", "head_hash"] { #expect(verdict[field] is NSNull) }
        #expect((verdict["findings"] as? [[String: Any]])?.first?["rule"] as? String == "empty")
        #expect((verdict["findings"] as? [[String: Any]])?.first?["index"] as? Int == 0)
    }

    @Test(.enabled(if: Machine.hasPython, "python3 is missing"))
    func colourOnATerminalOnly() throws {
        let workspace = try Workspace.withChain()
        let green = "\u{1B}[32mVALID\u{1B}[0m"
        #expect(try Terminal.run("chainctl verify evidence", in: workspace).output.hasPrefix(green))
        #expect(
            try Terminal.run("chainctl verify evidence", in: workspace, environment: ["NO_COLOR": "1"]).output
                .hasPrefix("VALID"))
        #expect(
            try Terminal.run("chainctl verify evidence", in: workspace, environment: ["NO_COLOR": ""]).output.hasPrefix(
                green))
        #expect(
            try Terminal.run("chainctl verify evidence", in: workspace, environment: ["TERM": "dumb"]).output.hasPrefix(
                "VALID"))
        #expect(!(try workspace.must("verify", "evidence").output.contains("\u{1B}")))
    }
}
