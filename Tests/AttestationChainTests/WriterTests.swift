import AttestationChain
import Foundation
import TestSupport
import Testing

@Suite struct WriterTests {
    @Test func whatIsAppendedIsThereAndVerifies() throws {
        let chain = try TestChain()
        var writer = try chain.writer()
        let first = try writer.append(TestChain.draft(1))
        let rest = try writer.append(contentsOf: [TestChain.draft(2), TestChain.draft(3)])
        try writer.close()

        #expect(first.index == 1)
        #expect(rest.map(\.index) == [2, 3])
        let reader = try chain.reader()
        #expect(reader.count == 4)
        #expect(reader.headHash == rest[1].recordHash)
        let record = try reader.record(at: 1)
        #expect(record.recordHash == first.recordHash)
        #expect(record.contentHash == TestChain.draft(1).contentHash)
        #expect(record.metadata["number"] == 1)
        #expect(record.offset == first.offset)
        #expect(try chain.verdict().outcome == .valid)
    }

    @Test func theFirstRecordNamesTheChainAndDemandsProofs() throws {
        let chain = try TestChain()
        let genesis = try #require(try chain.reader().record(at: 0).genesis)
        #expect(genesis.name == "Test")
        #expect(genesis.requiresRotationProof)
    }

    @Test func aRecordWrittenAloneSaysNothingOfAWrite() throws {
        let chain = try TestChain(records: 3)
        let reader = try chain.reader()
        #expect(try reader.record(at: 0).entropyWitnesses == [:])
        // Witness 4: where the write of several records began.
        #expect(try reader.record(at: 1).entropyWitnesses == [4: 1])
        #expect(try reader.record(at: 3).entropyWitnesses == [4: 1])
    }

    @Test func aBatchIsOneFdatasync() throws {
        let chain = try TestChain()
        var writer = try chain.writer()
        chain.system.reset()
        try writer.append(contentsOf: (1...500).map(TestChain.draft))
        #expect(chain.system.counts.calls["fdatasync"] == 1)
        #expect(chain.system.counts.calls["pwrite"] == 1)
    }

    @Test func aBatchOfManyMebibytesGoesOutInWritesThatMayTear() throws {
        let chain = try TestChain()
        var writer = try chain.writer()
        let draft = RecordDraft(inline: [UInt8](repeating: 7, count: 300_000), contentType: "application/octet-stream")
        chain.system.reset()
        let records = try writer.append(contentsOf: [RecordDraft](repeating: draft, count: 8))
        #expect(records.count == 8)
        // Three of 300,000 bytes fit one write; the checkpoint behind them takes one more of each.
        #expect(chain.system.counts.calls["pwrite"] == 3)
        try writer.close()
        let reader = try chain.reader()
        #expect(
            try (1...8).map { try reader.record(at: $0).entropyWitnesses } == [1, 1, 1, 4, 4, 4, 7, 7].map { [4: $0] })
        #expect(try chain.verdict().outcome == .valid)
    }

    @Test func anEmptyBatchWritesNothing() throws {
        let chain = try TestChain()
        let before = try chain.bytes()
        var writer = try chain.writer()
        #expect(try writer.append(contentsOf: []).isEmpty)
        try writer.close()
        #expect(try chain.bytes() == before)
    }

    @Test func strangersAreRefusedBeforeAnythingChanges() throws {
        let chain = try TestChain(records: 2)
        // A torn tail is mended by those who may write, not by a stranger.
        try chain.replaceBytes(try chain.bytes() + [0, 0, 1])
        let before = try chain.folder.contents()
        let error = #expect(throws: ChainError.self) { _ = try chain.writer(TestKeys.named("stranger")) }
        #expect(error?.code == .unauthorizedSigner)
        #expect(try chain.folder.contents() == before)
    }

    @Test func rotationHandsTheChainOver() throws {
        let chain = try TestChain(records: 1)
        let new = TestKeys.named("B")
        var writer = try chain.writer()
        let rotation = try writer.rotate(to: new)
        try writer.append(TestChain.draft(2))
        try writer.close()

        #expect(rotation.index == 2)
        let verdict = try chain.verdict()
        #expect(verdict.outcome == .valid)
        #expect(verdict.findings.isEmpty)
        #expect(verdict.signers.map(\.key) == [chain.key.publicKey, new.publicKey])
        #expect(verdict.signers.map(\.firstIndex) == [0, 3])
        #expect(verdict.signers.map(\.lastIndex) == [2, 3])
        let error = #expect(throws: ChainError.self) { _ = try chain.writer() }
        #expect(error?.code == .unauthorizedSigner)
        _ = try chain.writer(new)
    }

    @Test func aKeyThatWasUsedIsNeverRotatedTo() throws {
        let chain = try TestChain()
        let new = TestKeys.named("B")
        var writer = try chain.writer()
        for key in [chain.key] {
            let error = #expect(throws: ChainError.self) { try writer.rotate(to: key) }
            #expect(error?.code == .invalidRecord)
            #expect(error?.findings.map(\.rule) == [.rotationReuse])
        }
        try writer.rotate(to: new)
        let before = try chain.bytes()
        for key in [chain.key, new] {
            let error = #expect(throws: ChainError.self) { try writer.rotate(to: key) }
            #expect(error?.findings.map(\.rule) == [.rotationReuse])
        }
        #expect(try chain.bytes() == before)
        // The refusal costs the writer nothing.
        #expect(try writer.append(TestChain.draft(1)).index == 2)
    }

    @Test func recordsThatNoReaderWouldTakeAreNotWritten() throws {
        let chain = try TestChain()
        let before = try chain.bytes()
        var writer = try chain.writer()
        let hash = SHA256.hash([])
        let refused: [RecordDraft] = [
            RecordDraft(contentHash: hash, contentType: ""),
            RecordDraft(contentHash: hash, contentType: String(repeating: "x", count: 256)),
            RecordDraft(inline: [UInt8](repeating: 0, count: 1_048_576), contentType: "x"),
            RecordDraft(contentHash: hash, contentType: "x", metadata: [(key: "a", value: 1), (key: "a", value: 2)]),
            RecordDraft(contentHash: hash, contentType: "x", metadata: [(key: "content", value: .bytes([1]))]),
            RecordDraft(contentHash: hash, contentType: ContentType.genesis),
            RecordDraft(contentHash: hash, contentType: ContentType.keyRotation),
            RecordDraft(
                contentHash: hash, contentType: "x",
                metadata: [(key: "deep", value: (0..<15).reduce(0) { value, _ in .array([value]) })]),
        ]
        for draft in refused {
            let error = #expect(throws: ChainError.self) { try writer.append(draft) }
            #expect(error?.code == .invalidRecord, "\(String(describing: error))")
            #expect(error?.index == 1)
        }
        try writer.close()
        #expect(try chain.bytes() == before)
    }

    @Test func aRecordMayBeExactlyAsLargeAsTheLimit() throws {
        let chain = try TestChain()
        var writer = try chain.writer()
        func draft(_ size: Int) -> RecordDraft {
            RecordDraft(inline: [UInt8](repeating: 1, count: size), contentType: "x")
        }
        // Of a megabyte, this much is not content.
        let overhead = try writer.append(draft(900_000)).size - 900_000
        let largest = 1_048_576 + 4 - overhead
        #expect(try writer.append(draft(largest)).size == 1_048_580)
        #expect(throws: ChainError.self) { try writer.append(draft(largest + 1)) }
        try writer.close()
        #expect(try chain.verdict().recordCount == 3)
    }

    @Test func aChainIsNeverBegunTwice() throws {
        let chain = try TestChain(records: 1)
        // Not even what a crash has left is touched.
        try chain.replaceBytes(try chain.bytes() + [0, 0])
        let before = try chain.folder.contents()
        let error = #expect(throws: ChainError.self) { _ = try ChainWriter(creating: chain.path, signer: chain.key) }
        #expect(error?.code == .alreadyExists)
        #expect(try chain.folder.contents() == before)
    }

    @Test func aBeginningThatWasCutShortIsBegunAgain() throws {
        let chain = try TestChain()
        let whole = try chain.bytes()
        for cut in [0, 1, 3, 4, 100, whole.count - 1] {
            let folder = try TemporaryFolder()
            try folder.write([], to: "placeholder")
            _ = try ChainWriter(creating: folder.path("chain"), signer: chain.key).close()
            try folder.write(Array(whole[..<cut]), to: "chain/chain.bin")
            try removeState(folder)
            try ChainWriter(creating: folder.path("chain"), signer: chain.key).close()
            #expect(try Verifier().verify(folder.path("chain")).recordCount == 1)
        }
    }

    @Test func theStateCoversTheChainAfterClosing() throws {
        let chain = try TestChain(records: 5)
        #expect(try chain.reader().stateStatus == .good(bytes: try chain.bytes().count))
    }

    @Test func checkpointsAreWrittenOnTheWay() throws {
        let chain = try TestChain()
        var writer = try chain.writer()
        try writer.append(contentsOf: (1...5000).map(TestChain.draft))
        guard case .good(let bytes) = try chain.reader().stateStatus else {
            Issue.record("no good state")
            return
        }
        #expect(bytes == (try chain.bytes()).count)
        try writer.append(TestChain.draft(5001))
    }

    @Test func aFileThatOthersWriteToWithoutTheLockIsLeftAlone() throws {
        let chain = try TestChain()
        var writer = try chain.writer()
        try chain.replaceBytes(try chain.bytes() + [0])
        let before = try chain.folder.contents()
        for _ in 0..<2 {
            let error = #expect(throws: ChainError.self) { try writer.append(TestChain.draft(1)) }
            #expect(error?.code == .writerUnusable)
        }
        #expect(try chain.folder.contents() == before)
    }

    @Test func aForkMustNotWrite() throws {
        let chain = try TestChain()
        var writer = try chain.writer()
        chain.system.pretendProcess(1)
        let error = #expect(throws: ChainError.self) { try writer.append(TestChain.draft(1)) }
        #expect(error?.code == .writerUnusable)
        chain.system.pretendProcess(getpid())
        #expect(try writer.append(TestChain.draft(1)).index == 1)
    }

    @Test func aSuspendedWriterLetsOthersInAndReadsOnlyWhatTheyWrote() throws {
        let chain = try TestChain(records: 3000)
        var writer = try chain.writer()
        try writer.append(TestChain.draft(1))
        try writer.suspend()
        let error = #expect(throws: ChainError.self) { try writer.append(TestChain.draft(2)) }
        #expect(error?.code == .writerUnusable)

        var other = try ChainWriter(opening: chain.path, signer: chain.key)
        let between = try other.append(TestChain.draft(2))
        try other.close()

        chain.system.reset()
        try writer.resume()
        #expect(chain.system.counts.bytesRead < 4096)
        #expect(writer.headHash == between.recordHash)
        #expect(try writer.append(TestChain.draft(3)).index == between.index + 1)
        try writer.close()
        #expect(try chain.verdict().outcome == .valid)
    }
}

func removeState(_ folder: TemporaryFolder) throws {
    try FileManager.default.removeItem(atPath: folder.path("chain/state.cbor"))
}
