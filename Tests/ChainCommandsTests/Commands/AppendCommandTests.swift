import Foundation
import Testing

@Suite struct AppendCommandTests {
    @Test func attestsFiles() throws {
        let workspace = try Workspace.withChain()
        try workspace.write("hello\n", to: "photo.jpg")
        try workspace.write("", to: "sub/empty.txt")
        let appended = try workspace.must(
            "append", "evidence", "photo.jpg", "--key", "signer.pem", "./sub//empty.txt", "\(workspace.path)/photo.jpg")
        #expect(appended.errors.isEmpty)
        #expect(appended.lines.map { $0.split(separator: " ").last } == ["photo.jpg", "sub//empty.txt", "photo.jpg"])
        let sum = try workspace.shell("sha256sum photo.jpg | cut -d' ' -f1").lines[0]
        let records = try workspace.must("export", "evidence").jsonLines()
        #expect(records.count == 4)
        #expect(records[1]["content_hash"] as? String == sum)
        #expect(records[1]["content_type"] as? String == "image/jpeg")
        #expect(records[2]["content_type"] as? String == "text/plain")
        let metadata = try #require(records[1]["metadata"] as? [String: Any])
        #expect(metadata["name"] as? String == "photo.jpg")
        #expect(metadata["size"] as? Int == 6)
        #expect(metadata.count == 2)
        for (line, record) in zip(appended.lines, records.dropFirst()) {
            #expect(
                line.hasPrefix(
                    "\(record["index"] ?? "") \(record["record_hash"] ?? "") \(record["content_hash"] ?? "") "))
        }
        try workspace.must("verify", "evidence")
    }

    @Test func asJSON() throws {
        let workspace = try Workspace.withChain()
        try workspace.write("hello\n", to: "a b.txt")
        let appended = try workspace.must(
            "append", "evidence", "--key", "signer.pem", "--json", "a b.txt", "-", input: "x"
        )
        .jsonLines()
        #expect(appended.count == 2)
        let fields: Set = [
            "index", "record_hash", "content_hash", "name", "claimed_ts", "claimed_at", "offset", "size",
        ]
        #expect(appended.allSatisfy { Set($0.keys) == fields })
        #expect(appended[0]["name"] as? String == "a b.txt")
        #expect(appended[1]["name"] is NSNull)
        #expect((appended[0]["claimed_at"] as? String)?.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z/) != nil)
        let record = try workspace.must("show", "evidence", "1", "--json").json()
        for field in fields.subtracting(["name"]) {
            #expect("\(record[field] ?? "")" == "\(appended[0][field] ?? "")")
        }
    }

    @Test func metadataTypeAndInline() throws {
        let workspace = try Workspace.withChain()
        try workspace.write("hello\n", to: "a.jpg")
        try workspace.must(
            "append", "evidence", "--key", "signer.pem", "a.jpg", "--type", "text/x", "--inline", "--meta",
            "case=47=11",
            "--meta", #"extra:={"a":[1,2.5,null,true,{"$bytes":"00ff"}]}"#, "--meta", "empty=")
        let record = try workspace.must("show", "evidence", "HEAD", "--json").json()
        #expect(record["content_type"] as? String == "text/x")
        let metadata = try #require(record["metadata"] as? [String: Any])
        #expect(metadata["case"] as? String == "47=11")
        #expect(metadata["empty"] as? String == "")
        #expect((metadata["content"] as? [String: String]) == ["$bytes": "68656c6c6f0a"])
        let list = try #require((metadata["extra"] as? [String: Any])?["a"] as? [Any])
        try #require(list.count == 5)
        #expect(list[0] as? Int == 1)
        #expect(list[1] as? Double == 2.5)
        #expect(list[2] is NSNull)
        #expect(list[4] as? [String: String] == ["$bytes": "00ff"])
        try workspace.must("verify", "evidence")
    }

    @Test func standardInput() throws {
        let workspace = try Workspace.withChain()
        try workspace.must(
            "append", "evidence", "--key", "signer.pem", "-", "--meta", "name=mine", input: "from a pipe")
        let record = try workspace.must("show", "evidence", "HEAD", "--json").json()
        #expect(record["content_type"] as? String == "application/octet-stream")
        let metadata = try #require(record["metadata"] as? [String: Any])
        #expect(metadata["size"] as? Int == 11)
        #expect(metadata["name"] as? String == "mine")
        #expect(
            record["content_hash"] as? String
                == (try workspace.shell("printf 'from a pipe' | sha256sum | cut -c1-64").lines[0]))
    }

    @Test func directoriesInBytewiseOrder() throws {
        let workspace = try Workspace.withChain()
        for name in ["b.txt", "a/z.txt", "a-b.txt", "a.txt", "a/é.txt", "a/b/c.txt"] {
            try workspace.write(name, to: "in/photos/\(name)")
        }
        try workspace.shell("ln -s b.txt in/photos/link; ln -s . in/photos/loop")
        let appended = try workspace.must("append", "evidence", "--key", "signer.pem", "--recursive", "in/photos/")
        #expect(
            appended.lines.map { $0.split(separator: " ").last } == [
                "photos/a-b.txt", "photos/a.txt", "photos/a/b/c.txt", "photos/a/z.txt", "photos/a/é.txt",
                "photos/b.txt",
            ])
        #expect(
            appended.errors == """
                chainctl: note: in/photos/link: passed over: a symbolic link
                chainctl: note: in/photos/loop: passed over: a symbolic link

                """)
        // The names do not depend on how the directory was reached, and '.' has none.
        let absolute = try workspace.must(
            "append", "evidence", "--key", "signer.pem", "--recursive", "\(workspace.path)/in/photos")
        #expect(absolute.lines.first?.hasSuffix(" photos/a-b.txt") == true)
        let here = try workspace.must("append", "evidence", "--key", "signer.pem", "--recursive", ".")
        #expect(here.lines.first?.hasSuffix(" in/photos/a-b.txt") == true)
        #expect(here.errors.contains("./evidence: passed over: it is the chain itself"))
        #expect(!here.output.contains("chain.bin"))
    }

    @Test func aDirectoryNeedsRecursive() throws {
        let workspace = try Workspace.withChain()
        try workspace.write("x", to: "d/x")
        try workspace.run("append", "evidence", "--key", "signer.pem", "d").expectError(65, "d: ", "--recursive")
    }

    @Test func anEmptyDirectoryAppendsNothing() throws {
        let workspace = try Workspace.withChain()
        try workspace.shell("mkdir d")
        let appended = try workspace.must("append", "evidence", "--key", "signer.pem", "--recursive", "d")
        #expect(appended.output.isEmpty)
        #expect(appended.errors == "chainctl: note: no files, so nothing was appended\n")
    }

    @Test(arguments: [
        ("missing", Int32(66), "No such file"), ("fifo", 65, "not a regular file"), ("dangling", 66, "No such file"),
        ("d", 65, "not a regular file"),
    ])
    func nothingIsWrittenWhenAnOperandIsBad(operand: String, status: Int32, message: String) throws {
        let workspace = try Workspace.withChain()
        try workspace.write("x", to: "good")
        try workspace.shell("mkfifo fifo; ln -s nowhere dangling; mkdir d; mkfifo d/fifo")
        let before = try workspace.chainBytes
        try workspace.run("append", "evidence", "--key", "signer.pem", "--recursive", "good", operand)
            .expectError(status, operand, message)
        #expect(try workspace.chainBytes == before)
    }

    @Test func aSymbolicLinkThatIsNamedIsFollowed() throws {
        let workspace = try Workspace.withChain()
        try workspace.shell("echo x > target; ln -s target link.txt")
        let appended = try workspace.must("append", "evidence", "--key", "signer.pem", "link.txt", "target")
        let hashes = appended.lines.map { $0.split(separator: " ").dropFirst(2).first }
        #expect(hashes.count == 2 && Set(hashes).count == 1)
    }

    #if os(Linux)
    @Test func aNameThatIsNotUTF8() throws {
        let workspace = try Workspace.withChain()
        try workspace.shell("mkdir d; echo a > d/a; echo x > d/$'b\\xff'")
        let before = try workspace.chainBytes
        try workspace.run("append", "evidence", "--key", "signer.pem", "--recursive", "d").expectError(65, "not UTF-8")
        try workspace.shell("chainctl append evidence --key signer.pem d/$'b\\xff'").expectError(64, "not UTF-8")
        #expect(try workspace.chainBytes == before)
    }
    #endif

    @Test(arguments: [
        (["a"], ["--meta", "content=x"], "--inline"),
        (["a"], ["--meta", "x"], "not KEY=VALUE"),
        (["a"], ["--meta", "=x"], "the key is empty"),
        (["a"], ["--meta", "x=1", "--meta", "x=2"], "--meta x is given twice"),
        (["a"], ["--meta", "name=x"], "the file itself says that"),
        (["-"], ["--meta", "size:=1"], "the file itself says that"),
        (["a"], ["--meta", "x:={"], "not JSON"),
        (["a"], ["--meta", #"x:={"a":1,"a":2}"#], "a key occurs twice"),
        (["a"], ["--meta", "x:=1e300"], "beyond 64 bits"),
        (["a"], ["--meta", #"x:={"$what":1}"#], "$what is not one of"),
        (["a"], ["--type", ""], "the type has 0 bytes"),
        (["a"], ["--type", "soosef/key-rotation-v1"], "reserved"),
        (["a"], ["--type", "attestation-chain/anything"], "reserved"),
        (["a"], ["--wait=-1"], "whole seconds"),
        (["a"], ["--wait", "soon"], "whole seconds"),
        (["-", "-"], [], "read once only"),
        ([], [], "nothing to append"),
        (["a"], ["--jsonl", "b"], "--jsonl says all"),
        ([], ["--jsonl", "b", "--inline"], "--jsonl says all"),
        (["a"], ["--frobnicate"], "Unknown option '--frobnicate'"),
    ])
    func usage(paths: [String], options: [String], message: String) throws {
        let workspace = try Workspace.withChain()
        try workspace.write("x", to: "a")
        let before = try workspace.chainBytes
        try workspace.run(
            Workspace.tool, ["append", "evidence", "--key", "signer.pem"] + paths + options, input: Data("x".utf8),
            environment: [:]
        ).expectError(64, message, "see 'chainctl append --help'")
        #expect(try workspace.chainBytes == before)
    }

    @Test func deepMetadata() throws {
        let workspace = try Workspace.withChain()
        try workspace.write("x", to: "a")
        // The record's map and metadata are around it: 14 more are allowed.
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        try workspace.must("append", "evidence", "--key", "signer.pem", "a", "--meta", "x:=\(nested(14))")
        for depth in [15, 60, 400, 50_000] {
            try workspace.run("append", "evidence", "--key", "signer.pem", "a", "--meta", "x:=\(nested(depth))")
                .expectError(64)
        }
        #expect(try workspace.must("verify", "evidence", "--json").json()["records"] as? Int == 2)
    }

    @Test func whatIsTooLargeForARecord() throws {
        let workspace = try Workspace.withChain()
        try workspace.write("x", to: "small")
        try workspace.write(Data(repeating: 7, count: 1 << 20), to: "large")
        let before = try workspace.chainBytes
        try workspace.run("append", "evidence", "--key", "signer.pem", "--inline", "small", "large")
            .expectError(65, "large", "1,048,576 bytes", "without --inline")
        try workspace.shell("chainctl append evidence --key signer.pem --inline - < large")
            .expectError(65, "standard input", "1,048,576 bytes")
        // Fits by itself, and not with what else a record holds.
        try workspace.write(Data(repeating: 7, count: (1 << 20) - 100), to: "nearly")
        try workspace.run("append", "evidence", "--key", "signer.pem", "--inline", "nearly")
            .expectError(65, "at most 1048576 are allowed")
        #expect(try workspace.chainBytes == before)
        try workspace.must("append", "evidence", "--key", "signer.pem", "large")
    }

    @Test func thePrivateKeyIsNeverPutIntoARecord() throws {
        let workspace = try Workspace.withChain()
        try workspace.shell("ln -s signer.pem alias.txt")
        let before = try workspace.chainBytes
        for name in ["signer.pem", "alias.txt"] {
            try workspace.run("append", "evidence", "--key", "signer.pem", "--inline", name).expectError(
                64, "private key")
        }
        #expect(try workspace.chainBytes == before)
    }

    @Test func aBatchIsOneFile() throws {
        let workspace = try Workspace.withChain()
        for index in 0..<20 { try workspace.write("\(index)", to: "d/\(index)") }
        let appended = try workspace.must(
            "append", "evidence", "--key", "signer.pem", "--batch", "--recursive", "d", "--json")
        #expect(try appended.jsonLines().count == 20)
        #expect(try workspace.must("verify", "evidence", "--json").json()["records"] as? Int == 21)
    }

    @Test func moreThanOneGroupOfABatch() throws {
        let workspace = try Workspace.withChain()
        let lines = (0..<2100).map { #"{"content":"\#($0)","content_type":"text/plain"}"# }.joined(separator: "\n")
        try workspace.write(lines, to: "lines")
        let appended = try workspace.must("append", "evidence", "--key", "signer.pem", "--batch", "--jsonl", "lines")
        #expect(appended.lines.count == 2100)
        #expect(try workspace.must("verify", "evidence", "--json").json()["records"] as? Int == 2101)
    }

    @Test func aStrangersKeyChangesNothing() throws {
        let workspace = try Workspace.withRecords(1)
        try workspace.must("key", "generate", "stranger.pem")
        try workspace.tear()
        let before = try workspace.chainBytes
        let names = try workspace.names("evidence")
        try workspace.run("append", "evidence", "--key", "stranger.pem", "0.txt")
            .expectError(77, "may not sign record 2", "chainctl inspect")
        #expect(try workspace.chainBytes == before)
        #expect(try workspace.names("evidence") == names)
    }

    @Test func aTornTailIsMendedAndKept() throws {
        let workspace = try Workspace.withRecords(1)
        let whole = try workspace.chainBytes.count
        try workspace.tear()
        let appended = try workspace.must("append", "evidence", "--key", "signer.pem", "0.txt")
        #expect(appended.lines.count == 1)
        let evidence = try #require(try workspace.names("evidence").first { $0.hasPrefix("chain.bin.torn-\(whole)-") })
        #expect(
            appended.errors
                == "chainctl: warning: evidence: 8 bytes of a record that was never finished were cut off at offset \(whole),"
                + " and kept as \(evidence)\n")
        #expect(try workspace.read("evidence/\(evidence)").count == 8)
        try workspace.must("verify", "evidence")
    }

    @Test func anUnusableStateIsPutAside() throws {
        let workspace = try Workspace.withRecords(1)
        try workspace.write("garbage", to: "evidence/state.cbor")
        let appended = try workspace.must("append", "evidence", "--key", "signer.pem", "0.txt")
        #expect(
            appended.errors.hasPrefix("chainctl: warning: evidence: state.cbor was not usable and was written anew"))
        #expect(try workspace.names("evidence").contains { $0.hasPrefix("state.cbor.bad-") })
        try workspace.must("verify", "evidence")
    }

    @Test func aDamagedOrCutChainIsLeftAlone() throws {
        let workspace = try Workspace.withRecords(3)
        let sound = try workspace.chainBytes
        let state = try workspace.read("evidence/state.cbor")
        try workspace.shell("rm evidence/state.cbor")
        try workspace.damage(at: try workspace.offsets()[2] + 50)
        let damaged = try workspace.chainBytes
        try workspace.run("append", "evidence", "--key", "signer.pem", "0.txt")
            .expectError(1, "record 2", "offset \(try workspace.offsets()[2])", "chainctl verify")
        #expect(try workspace.chainBytes == damaged)
        try workspace.write(sound.prefix(try workspace.offsets()[2]), to: "evidence/chain.bin")
        try workspace.write(state, to: "evidence/state.cbor")
        try workspace.run("append", "evidence", "--key", "signer.pem", "0.txt").expectError(3, "state.cbor knew 4")
    }

    @Test func missingAndWrongChains() throws {
        let workspace = try Workspace.withRecords(1)
        try workspace.run("append", "no", "--key", "signer.pem", "0.txt").expectError(66, "no: ")
        try workspace.shell("mkdir empty; mkdir void; : > void/chain.bin")
        try workspace.run("append", "empty", "--key", "signer.pem", "0.txt").expectError(
            66, "empty", "'init' begins one")
        try workspace.run("append", "void", "--key", "signer.pem", "0.txt").expectError(65, "void", "'init' begins one")
        try workspace.run("append", "evidence/chain.bin", "--key", "signer.pem", "0.txt")
            .expectError(65, "bare chain file can only be read")
        #expect(try workspace.names("empty").isEmpty)
    }

    #if os(Linux)
    /// A file that says it is empty and is not stands for one that grows while it is read.
    @Test func aFileThatChangesIsRefused() throws {
        let workspace = try Workspace.withChain()
        let before = try workspace.chainBytes
        try workspace.run("append", "evidence", "--key", "signer.pem", "/proc/version")
            .expectError(74, "/proc/version: changed while it was being read")
        try workspace.run("check", "evidence", "/proc/version").expectError(74, "changed while it was being read")
        #expect(try workspace.chainBytes == before)
    }

    @Test func aFileThatFailsInTheMiddleLeavesWhatWasSaid() throws {
        let workspace = try Workspace.withChain()
        try workspace.write("x", to: "a")
        // Opens and has a size, and cannot be read.
        let outcome = try workspace.run("append", "evidence", "--key", "signer.pem", "a", "/proc/self/mem")
        outcome.expectError(74, "/proc/self/mem", "record 1 of this run is on disk all the same", output: nil)
        #expect(outcome.lines.count == 1)
        #expect(try workspace.must("verify", "evidence", "--json").json()["records"] as? Int == 2)
    }
    #endif
}
