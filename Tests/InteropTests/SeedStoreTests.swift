import AttestationChain
import Foundation
import TestSupport
import Testing

/// The older Python store itself, running: both kinds of writer share one chain.
@Suite("Swift and the older Python store", Availability.needsSeedStore)
struct SeedStoreTests {
    private let folder: TemporaryFolder
    private let path: String
    private let seed: SeedStore

    init() throws {
        folder = try TemporaryFolder()
        path = folder.path("chain")
        seed = try SeedStore(path)
    }

    @Test func itVerifiesOurChainsWithRotations() throws {
        let keys = ["a", "b", "c"].map { SharedKey($0) }
        var writer = try ChainWriter(creating: path, signer: keys[0].signing, name: "ours")
        try writer.append(contentsOf: (0..<10).map { Samples.draft("\($0)") })
        try writer.append(RecordDraft(inline: Array("inside".utf8), contentType: "text/plain"))
        try writer.append(Samples.draft("rich", metadata: Samples.richMetadata))
        try writer.rotate(to: keys[1].signing)
        try writer.append(Samples.draft("by b"))
        try writer.rotate(to: keys[2].signing)
        try writer.append(Samples.draft("by c"))
        let count = writer.count
        let head = writer.headHash
        try writer.close()
        #expect(try seed.verify())
        #expect(try seed.count() == count)
        #expect(try seed.head().hash == head)
        #expect(try seed.record(at: count - 1).signer == keys[2].publicKey)
    }

    @Test func itsChainsVerifyAndGrowHere() throws {
        let keys = ["a", "b", "c"].map { SharedKey($0) }
        try seed.append(keys[0], "first")
        for number in 0..<5 { try seed.append(keys[0], "\(number)", options: ["kinds": true]) }
        try seed.rotate(keys[0], to: keys[1])
        let head = try seed.append(keys[1], "by b")

        let verdict = try Verifier().verify(path)
        #expect(verdict.outcome == .valid, "\(verdict.findings)")
        #expect(verdict.recordCount == 8)
        #expect(verdict.headHash == head.hash)
        #expect(verdict.tailPin == .state)
        #expect(verdict.findings.map(\.rule) == [.rotationProof])
        #expect(verdict.findings.map(\.severity) == [.warning])

        var writer = try ChainWriter(opening: path, signer: keys[1].signing)
        #expect(try writer.append(Samples.draft("ours")).index == 8)
        try writer.rotate(to: keys[2].signing)
        try writer.append(Samples.draft("ours, with the new key"))
        try writer.close()
        #expect(try seed.verify())
        #expect(try seed.append(keys[2], "theirs").index == 11)
        #expect(try Verifier().verify(path).outcome == .valid)
    }

    /// Each round the Python store drops our keys from state.cbor, and we put them back.
    @Test func bothTakeTurnsOnOurChain() throws {
        let first = SharedKey("turn 0")
        try ChainWriter(creating: path, signer: first.signing, name: "turns").close()
        // The chain requires proof of a rotation, which the Python store does not give: the rotations are ours.
        try takeTurns(from: first, records: 1, seedRotates: false)
    }

    @Test func bothTakeTurnsOnItsChain() throws {
        let first = SharedKey("turn 0")
        try seed.append(first, "first")
        try takeTurns(from: first, records: 1, seedRotates: true)
    }

    private func takeTurns(from first: SharedKey, records start: Int, seedRotates: Bool) throws {
        var key = first
        var records = start
        for turn in 1...20 {
            #expect(try seed.append(key, "theirs \(turn)", options: ["kinds": turn.isMultiple(of: 5)]).index == records)
            #expect(try Chain(opening: path).stateStatus == .olderStore)
            var writer = try ChainWriter(opening: path, signer: key.signing)
            #expect(try writer.append(Samples.draft("ours \(turn)")).index == records + 1)
            try writer.append(contentsOf: [Samples.draft("a"), Samples.draft("b", metadata: Samples.richMetadata)])
            records += 4
            if turn.isMultiple(of: 3) {
                let next = SharedKey("turn \(turn)")
                if seedRotates, turn.isMultiple(of: 2) {
                    try writer.close()
                    try seed.rotate(key, to: next)
                } else {
                    try writer.rotate(to: next.signing)
                    try writer.close()
                }
                key = next
                records += 1
            } else {
                try writer.close()
            }
            #expect(try seed.verify())
            let verdict = try Verifier().verify(path)
            #expect(verdict.outcome == .valid, "\(verdict.findings)")
            #expect(verdict.recordCount == records)
            #expect(try seed.count() == records)
            #expect(verdict.tailPin == .state)
        }
    }

    /// A writer that stays open while the Python store writes between its turns.
    @Test func aSuspendedWriterTakesInWhatTheStoreWrote() throws {
        let key = SharedKey("a")
        try seed.append(key, "first")
        var writer = try ChainWriter(opening: path, signer: key.signing)
        for turn in 0..<5 {
            #expect(try writer.append(Samples.draft("ours")).index == 2 * turn + 1)
            try writer.suspend()
            #expect(try seed.append(key, "theirs").index == 2 * turn + 2)
            try writer.resume()
        }
        try writer.close()
        #expect(try seed.verify())
        #expect(try Verifier().verify(path).outcome == .valid)
    }

    @Test func ourLockKeepsItOut() throws {
        let writer = try ChainWriter(creating: path, signer: SharedKey("a").signing)
        #expect(try !seed.lock())
        try writer.close()
        #expect(try seed.lock())
    }

    /// A shared lock, which nobody here takes, shows that ours is exclusive.
    @Test(arguments: [false, true])
    func itsLockKeepsUsOut(_ shared: Bool) throws {
        let key = SharedKey("a")
        try seed.append(key, "first")
        #expect(try seed.lock(shared: shared))
        let before = try folder.contents()
        let error = try #require(throws: ChainError.self) { _ = try ChainWriter(opening: path, signer: key.signing) }
        #expect(error.code == .locked)
        #expect(try folder.contents() == before)
        // Reading takes no lock.
        #expect(try Verifier().verify(path).outcome == .valid)
        try seed.unlock()
        try ChainWriter(opening: path, signer: key.signing).close()
    }

    /// Its append opens the file, waits until ours is done and the lock is free, and then goes on behind ours.
    @Test func itsAppendWaitsForOurs() throws {
        let key = SharedKey("a")
        try seed.append(key, "first")
        let record = try seed.append(key, "theirs") {
            var writer = try ChainWriter(opening: path, signer: key.signing)
            try writer.append(Samples.draft("ours"))
            try writer.close()
        }
        #expect(record.index == 2)
        #expect(try Verifier().verify(path).outcome == .valid)
    }
}
