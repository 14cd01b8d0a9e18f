import Foundation
import Testing

@Suite struct ShowCommandTests {
    @Test func positions() throws {
        let workspace = try Workspace.withRecords(3)
        for (position, index) in [("0", 0), ("3", 3), ("HEAD", 3), ("HEAD~0", 3), ("HEAD~2", 1), ("HEAD~3", 0)] {
            #expect(try workspace.must("show", "evidence", position, "--json").json()["index"] as? Int == index)
        }
        for position in ["4", "HEAD~4", "9223372036854775807"] {
            try workspace.run("show", "evidence", position).expectError(
                64, "no record \(position)", "4 records, from 0 to 3")
        }
        for position in ["-1", "x", "HEAD~~1", ""] {
            #expect(try workspace.run("show", "evidence", position).status == 64)
        }
    }

    @Test func allFields() throws {
        let workspace = try Workspace.withRecords(1)
        let record = try workspace.must("show", "evidence", "1", "--json").json()
        #expect(
            Set(record.keys) == [
                "index", "record_hash", "record_id", "content_hash", "content_type", "metadata", "claimed_ts",
                "claimed_at",
                "entropy_witnesses", "signer", "signature", "prev_hash", "offset", "size",
            ])
        let text = try workspace.must("show", "evidence", "1").output
        for field in [
            "record_hash", "record_id", "content_hash", "content_type", "claimed_at", "signer", "signature",
            "prev_hash",
        ] {
            #expect(text.contains(record[field] as? String ?? "?"))
        }
        #expect(text.contains("\n  name = \"0.txt\"\n"))
        let genesis = try workspace.must("show", "evidence", "0").output
        #expect(genesis.contains("\nchain name    Case 4711\n"))
        #expect(genesis.contains(" bytes in the record\n"))
    }

    @Test func rawBytes() throws {
        let workspace = try Workspace.withRecords(2)
        let chain = try workspace.chainBytes
        let offsets = try workspace.offsets()
        let raw = try workspace.must("show", "evidence", "1", "--cbor")
        #expect(raw.bytes == chain[(offsets[1] + 4)..<offsets[2]])
    }

    @Test func diagnosticNotation() throws {
        let workspace = try Workspace.withRecords(1)
        let record = try workspace.must("show", "evidence", "1", "--json").json()
        let lines = try workspace.must("show", "evidence", "1", "--diag").lines
        #expect(lines.first == "  0  {")
        #expect(lines[1] == "  1    0: 1,")
        #expect(lines.last == "     }")
        #expect(lines.contains { $0.hasSuffix("    2: 1,") })
        #expect(lines.contains { $0.hasSuffix("    4: h'\(record["content_hash"] ?? "")',") })
        #expect(lines.contains { $0.hasSuffix("      \"name\": \"0.txt\",") })
        #expect(lines.contains { $0.hasSuffix("    10: h'\(record["signature"] ?? "")'") })
        // The offsets are those of the bytes.
        let bytes = [UInt8](try workspace.must("show", "evidence", "1", "--cbor").bytes)
        let hashLine = try #require(lines.first { $0.contains(" 4: h'") })
        let offset = try #require(hashLine.split(separator: " ").first.flatMap { Int($0) })
        #expect(Array(bytes[offset..<(offset + 3)]) == [4, 0x58, 32])
    }

    @Test func formsExcludeOneAnother() throws {
        let workspace = try Workspace.withChain()
        for options in [["--diag", "--cbor"], ["--diag", "--json"], ["--cbor", "--json"]] {
            try workspace.run(Workspace.tool, ["show", "evidence", "0"] + options, input: nil, environment: [:])
                .expectError(64, "see 'chainctl show --help'")
        }
    }

    @Test(.enabled(if: Machine.hasPython, "python3 is missing"))
    func bytesDoNotGoToATerminal() throws {
        let workspace = try Workspace.withChain()
        let outcome = try Terminal.run("chainctl show evidence 0 --cbor", in: workspace)
        #expect(outcome.output.contains("chainctl: --cbor writes bytes, not text"))
        #expect(outcome.status == 64)
    }
}
