import AttestationChain
import Foundation
import TestSupport
import Testing

/// Chains made on the spot: what one side writes, the other reads and continues.
@Suite("Chains between Swift and the Python reader", Availability.needsReader)
struct ReaderExchangeTests {
    private let folder: TemporaryFolder
    private let path: String
    private let reader: PythonReader

    init() throws {
        folder = try TemporaryFolder()
        path = folder.path("chain")
        reader = try PythonReader()
    }

    /// Both find the chain valid, with the same head, and with this many records.
    private func expectValid(records: Int, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let verdict = try Verifier().verify(path)
        #expect(verdict.outcome == .valid, "\(verdict.findings)", sourceLocation: sourceLocation)
        #expect(verdict.recordCount == records, sourceLocation: sourceLocation)
        expectAgreement(try Claim(reader.verify(path)), Claim(verdict), sourceLocation: sourceLocation)
    }

    @Test func pythonReadsWhatSwiftWrites() throws {
        let key = SharedKey("a")
        var writer = try ChainWriter(creating: path, signer: key.signing, name: "Grüße 🔏")
        try writer.append(Samples.draft("first"))
        try writer.append(contentsOf: (0..<50).map { Samples.draft("batch \($0)") })
        try writer.append(RecordDraft(inline: Array("inside".utf8), contentType: "text/plain"))
        try writer.append(RecordDraft(inline: [], contentType: "application/octet-stream"))
        try writer.append(RecordDraft(inline: Array(repeating: 0, count: 5000), contentType: "x"))
        try writer.append(Samples.draft("rich", metadata: Samples.richMetadata))
        try writer.append(Samples.draft("type", type: String(repeating: "é", count: 127) + "x"))
        for name in ["b", "c", "d"] {
            try writer.rotate(to: SharedKey(name).signing)
            try writer.append(Samples.draft("by \(name)"))
        }
        try writer.append(Samples.draft("unknown", type: "attestation-chain/later-v9"))
        try writer.close()
        try expectValid(records: 64)
        #expect(Claim(try reader.verify(path)).warnings == [Claim.Warning(rule: "unknown-type", index: 63)])
    }

    @Test func pythonSeesAMebibyteRecord() throws {
        var writer = try ChainWriter(creating: path, signer: SharedKey("a").signing)
        let overhead =
            try writer.append(RecordDraft(inline: Array(repeating: 1, count: 100_000), contentType: "x")).size - 100_000
        // The largest record there can be; the size's own encoding stays the same.
        let largest = 4 + 1_048_576 - overhead
        #expect(
            try writer.append(RecordDraft(inline: Array(repeating: 1, count: largest), contentType: "x")).size
                == 1_048_580)
        try writer.close()
        try expectValid(records: 3)
    }

    @Test func swiftReadsAndContinuesWhatPythonWrites() throws {
        let keys = ["a", "b", "c"].map { SharedKey($0) }
        try reader.append(path, keys[0], count: 10, genesis: "from Python")
        try reader.append(path, keys[0], count: 3, content: "inside")
        try reader.rotate(path, from: keys[0], to: keys[1])
        try reader.append(path, keys[1], count: 2)
        try expectValid(records: 16)
        #expect(try Chain(opening: path).record(at: 0).genesis?.name == "from Python")
        #expect(try Chain(opening: path).record(at: 10).content == Array("inside".utf8))

        var writer = try ChainWriter(opening: path, signer: keys[1].signing)
        try writer.append(Samples.draft("from Swift"))
        try writer.rotate(to: keys[2].signing)
        try writer.append(Samples.draft("from Swift, with the new key"))
        try writer.close()
        try expectValid(records: 19)
        try reader.append(path, keys[2])
        try expectValid(records: 20)
    }

    @Test(arguments: [true, false])
    func bothTakeTurns(_ swiftBegins: Bool) throws {
        var key = SharedKey("turn 0")
        var records = 1
        if swiftBegins {
            try ChainWriter(creating: path, signer: key.signing, name: "turns").close()
        } else {
            try reader.append(path, key, genesis: "turns")
        }
        for turn in 1...20 {
            try reader.append(path, key, count: 2)
            var writer = try ChainWriter(opening: path, signer: key.signing)
            try writer.append(contentsOf: [Samples.draft("\(turn) a"), Samples.draft("\(turn) b")])
            try writer.close()
            records += 4
            if turn.isMultiple(of: 4) {
                let next = SharedKey("turn \(turn)")
                if turn.isMultiple(of: 8) {
                    try reader.rotate(path, from: key, to: next)
                } else {
                    var writer = try ChainWriter(opening: path, signer: key.signing)
                    try writer.rotate(to: next.signing)
                    try writer.close()
                }
                key = next
                records += 1
            }
            try expectValid(records: records)
        }
    }

    /// Every byte of a small chain changed, and every length of it: both say the same.
    @Test func bothSayTheSameOfDamage() throws {
        let keys = ["a", "b"].map { SharedKey($0) }
        var writer = try ChainWriter(creating: path, signer: keys[0].signing)
        try writer.rotate(to: keys[1].signing)
        try writer.append(Samples.draft("last", metadata: [(key: "n", value: 7)]))
        try writer.close()
        let good = try folder.bytes("chain/chain.bin")
        let bare = folder.path("bare.bin")
        for offset in stride(from: 0, to: good.count, by: 3) {
            var bad = good
            bad[offset] ^= 1 << (offset % 8)
            try folder.write(bad, to: "bare.bin")
            expectAgreement(try Claim(reader.verify(bare)), Claim(try Verifier().verify(bare)))
            #expect(try Verifier().verify(bare).outcome != .valid)
            try folder.write(Array(good[..<offset]), to: "bare.bin")
            expectAgreement(try Claim(reader.verify(bare)), Claim(try Verifier().verify(bare)))
        }
    }
}
