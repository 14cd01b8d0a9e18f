import Foundation
import Testing

/// `append --jsonl`
@Suite struct AppendLinesTests {
    private static let hash = String(repeating: "0a", count: 32)

    @Test func appendsOneRecordALine() throws {
        let workspace = try Workspace.withChain()
        let lines = """
            {"content_hash":"\(Self.hash)","content_type":"image/jpeg","metadata":{"name":"p.jpg","n":1}}

            {"content":"héllo","content_type":"text/plain"}
            {"content":{"$bytes":"00ff"},"content_type":"application/octet-stream","metadata":{"big":{"$int":"18446744073709551615"}}}
            """
        try workspace.write(lines, to: "lines")
        let appended = try workspace.must("append", "evidence", "--key", "signer.pem", "--jsonl", "lines")
        #expect(appended.lines.count == 3)
        #expect(appended.lines[0].hasSuffix(" \(Self.hash) p.jpg"))
        let records = try workspace.must("export", "evidence", "--jsonl", "--range", "1..").jsonLines()
        let metadata = Rows(all: records.map { $0["metadata"] as? [String: Any] ?? [:] }, missing: [:])
        #expect(records[0]["content_hash"] as? String == Self.hash)
        #expect(metadata[1]["content"] as? [String: String] == ["$bytes": "68c3a96c6c6f"])
        #expect(metadata[2]["content"] as? [String: String] == ["$bytes": "00ff"])
        #expect(metadata[2]["big"] as? [String: String] == ["$int": "18446744073709551615"])
        try workspace.must("verify", "evidence")
    }

    @Test func fromStandardInput() throws {
        let workspace = try Workspace.withChain()
        let appended = try workspace.must(
            "append", "evidence", "--key", "signer.pem", "--jsonl", "-", "--json",
            input: #"{"content":"x","content_type":"text/plain"}"#)
        #expect(try appended.jsonLines().count == 1)
    }

    @Test(arguments: [
        ("{", "not JSON"), ("[]", "not a JSON object"), ("1", "not a JSON object"), (#""x""#, "not a JSON object"),
        (#"{"content":"x"}"#, "content_type is missing"),
        (#"{"content_type":"t"}"#, "either content_hash or content"),
        (#"{"content":"x","content_hash":"\#(hash)","content_type":"t"}"#, "either content_hash or content"),
        (#"{"content":"x","content_type":"t","extra":1}"#, "unknown key 'extra'"),
        (#"{"content":"x","content_type":""}"#, "content_type has 0 bytes"),
        (#"{"content":"x","content_type":7}"#, "content_type is not a string"),
        (#"{"content":"x","content_type":"soosef/key-rotation-v1"}"#, "reserved"),
        (#"{"content":"x","content_type":"attestation-chain/genesis-v1"}"#, "reserved"),
        (#"{"content":7,"content_type":"t"}"#, "content is neither"),
        (#"{"content_hash":"0A","content_type":"t"}"#, "64 lower-case hexadecimal digits"),
        (#"{"content":"x","content_type":"t","metadata":[]}"#, "metadata is not an object"),
        (#"{"content":"x","content_type":"t","metadata":{"$map":[[1,2]]}}"#, "a metadata key is not text"),
        (#"{"content":"x","content_type":"t","content_type":"u"}"#, "a key occurs twice"),
        (#"{"content":"x","content_type":"t","metadata":{"a":1,"a":1}}"#, "a key occurs twice"),
        ("{\"content\":\"x\",\"content_type\":\"t\",\"metadata\":{\"\u{e9}\":1,\"e\u{301}\":2}}", "a key occurs twice"),
        (#"{"content":{"$bytes":"0"},"content_type":"t"}"#, "$bytes"),
        (#"{"content":"\ud800","content_type":"t"}"#, "not JSON"),
    ])
    func badLinesAreNamed(line: String, message: String) throws {
        let workspace = try Workspace.withChain()
        let good = #"{"content":"x","content_type":"text/plain"}"#
        try workspace.write("\(good)\n\(line)\n\(good)\n", to: "lines")
        let before = try workspace.chainBytes
        // A file is looked at whole before anything is written.
        try workspace.run("append", "evidence", "--key", "signer.pem", "--jsonl", "lines")
            .expectError(65, "lines: line 2: ", message)
        #expect(try workspace.chainBytes == before)
        // A pipe cannot be: what was written is said.
        let piped = try workspace.run(
            "append", "evidence", "--key", "signer.pem", "--jsonl", "-", input: "\(good)\n\(line)\n")
        piped.expectError(65, "standard input: line 2: ", message, "record 1 of this run is on disk", output: nil)
        #expect(piped.lines.count == 1)
    }

    @Test func keysThatOnlyNormalizationTellsApart() throws {
        let workspace = try Workspace.withChain()
        try workspace.must(
            "append", "evidence", "--key", "signer.pem", "--jsonl", "-",
            input:
                "{\"content\":\"x\",\"content_type\":\"t\",\"metadata\":{\"$map\":[[\"\u{e9}\",1],[\"e\u{301}\",2]]}}")
        let metadata = try workspace.must("show", "evidence", "HEAD", "--json").json()["metadata"] as? [String: [[Any]]]
        let pairs = try #require(metadata?["$map"])
        let keys = pairs.map { Array(($0.first as? String ?? "").utf8) }
        #expect(Set(keys) == [Array("content".utf8), Array("e\u{301}".utf8), Array("\u{e9}".utf8)])
    }

    @Test func metadataContentMustMatch() throws {
        let workspace = try Workspace.withChain()
        let line = #"{"content_hash":"\#(Self.hash)","content_type":"t","metadata":{"content":{"$bytes":"00"}}}"#
        try workspace.run("append", "evidence", "--key", "signer.pem", "--jsonl", "-", input: line)
            .expectError(65, "does not hash to content_hash", "nothing was written for it")
    }

    @Test func hostileText() throws {
        let workspace = try Workspace.withChain()
        let bombs: [Data] = [
            Data(repeating: UInt8(ascii: "["), count: 100_000),
            Data(repeating: UInt8(ascii: "x"), count: (4 << 20) + 10),
            Data([0xFF, 0xFE, 0x7B, 0x00]), Data([0x7B, 0x22, 0xFF, 0x22, 0x7D]), Data(repeating: 0, count: 100),
        ]
        let before = try workspace.chainBytes
        for (number, bomb) in bombs.enumerated() {
            try workspace.write(bomb, to: "bomb")
            let outcome = try workspace.run("append", "evidence", "--key", "signer.pem", "--jsonl", "bomb")
            outcome.expectError(65, "bomb: line 1: ")
            if number == 1 { #expect(outcome.errors.contains("longer than 4,194,304 bytes")) }
        }
        #expect(try workspace.chainBytes == before)
    }

    @Test func missingFiles() throws {
        let workspace = try Workspace.withChain()
        try workspace.shell("mkdir d")
        try workspace.run("append", "evidence", "--key", "signer.pem", "--jsonl", "no").expectError(66, "no: ")
        try workspace.run("append", "evidence", "--key", "signer.pem", "--jsonl", "d").expectError(
            65, "d: not a regular file")
    }
}
