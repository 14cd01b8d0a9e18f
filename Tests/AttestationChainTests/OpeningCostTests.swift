import AttestationChain
import ChainRecord
import Foundation
import TestSupport
import Testing

/// What opening and appending cost does not depend on how long the chain is: counted, not timed.
@Suite struct OpeningCostTests {
    /// Opens with a good state, appends one record, closes.
    private func cost(_ chain: TestChain) throws -> ObservedSystem.Counts {
        chain.system.reset()
        var writer = try chain.writer()
        try writer.append(TestChain.draft(1))
        try writer.close()
        return chain.system.counts
    }

    @Test func opensTheSameHoweverLong() throws {
        let short = try TestChain(records: 1000)
        let long = try TestChain(records: 20_000)
        let (a, b) = (try cost(short), try cost(long))
        #expect(a.calls == b.calls)
        // A larger index takes a few more bytes in the record and in the state.
        #expect(abs(a.bytesRead - b.bytesRead) <= 16)
        #expect(abs(a.bytesWritten - b.bytesWritten) <= 16)
        #expect(b.bytesRead < 4096)
    }

    @Test func readersOpenTheSameHoweverLong() throws {
        let short = try TestChain(records: 1000)
        let long = try TestChain(records: 20_000)
        let counts = try [short, long].map { chain in
            let system = ObservedSystem()
            let reader = try Chain(opening: chain.path, system: system)
            _ = try reader.head()
            return system.counts
        }
        #expect(counts[0].calls == counts[1].calls)
        #expect(abs(counts[0].bytesRead - counts[1].bytesRead) <= 16)
    }

    /// 200,000 records and more than 4 GiB, of which only the two that opening may look at exist: the rest is a hole.
    @Test func opensAndGrowsBeyondFourGibibytes() throws {
        let chain = try TestChain()
        let first = try chain.reader().record(at: 0)
        let headOffset = (1 << 32) + 12345
        let index = 199_999
        let head = try UnsignedRecord(
            TestChain.draft(1), recordID: UUIDv7.make(microseconds: 0, random: [UInt8](repeating: 0, count: 10)),
            chainIndex: index, previousHash: SHA256.hash([]), claimedTimestamp: 5, witnesses: EntropyWitnesses(),
            signer: chain.key.publicKey)
        let frame = head.frame(signature: chain.key.signature(for: head.signedBytes.span))
        let file = try FileHandle(forUpdating: URL(filePath: chain.path + "/chain.bin"))
        try file.seek(toOffset: UInt64(headOffset))
        try file.write(contentsOf: frame)
        try file.close()
        let state = try #require(
            ChainState(
                recordCount: index + 1, headHash: head.recordHash, headOffset: headOffset,
                byteLength: headOffset + frame.count, chainID: first.recordHash, createdAt: first.claimedTimestamp,
                lastAppendAt: 5,
                signers: [SignerEpoch(key: chain.key.publicKey, firstIndex: 0)], requiresRotationProof: true))
        try chain.folder.write(Checkpoint.encode(state), to: "chain/state.cbor")

        let counts = try cost(chain)
        #expect(counts.bytesRead < 4096)
        let reader = try chain.reader()
        #expect(reader.count == 200_001)
        #expect(try reader.head()?.previousHash == head.recordHash)
        #expect(try reader.head()?.offset == headOffset + frame.count)
        // What is behind the first record is no chain, and verifying says so without reading 4 GiB into memory.
        let verdict = try Verifier().verify(chain.path)
        #expect(verdict.outcome == .invalid)
        #expect(verdict.findings.first?.index == 1)
    }
}
