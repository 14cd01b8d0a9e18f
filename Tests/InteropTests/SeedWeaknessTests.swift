import AttestationChain
import Foundation
import TestSupport
import Testing

/// What the older Python store gets wrong. ``SeedBehaviourTests`` shows each of these going wrong there.
@Suite("The older store's weaknesses, absent here") struct SeedWeaknessTests {
    private let folder: TemporaryFolder
    private let path: String
    private let key = SharedKey("owner")
    private let stranger = SharedKey("stranger")

    init() throws {
        folder = try TemporaryFolder()
        path = folder.path("chain")
    }

    /// A closed chain of this many records.
    private func makeChain(records: Int) throws {
        var writer = try ChainWriter(creating: path, signer: key.signing)
        if records > 1 { try writer.append(contentsOf: (1..<records).map { Samples.draft("\($0)") }) }
        try writer.close()
    }

    private func chainBytes() throws -> [UInt8] { try folder.bytes("chain/chain.bin") }

    private func refusal(_ body: () throws -> Void) throws -> ChainError {
        try #require(throws: ChainError.self, performing: body)
    }

    /// Seed: every append reads the whole file.
    @Test func appendingReadsTheSameHoweverLongTheChainIs() throws {
        func readsOfOneAppend(records: Int, _ name: String) throws -> CountingSystem.Reads {
            let path = folder.path(name)
            var setUp = try ChainWriter(
                creating: path, signer: key.signing, name: nil, system: CountingSystem(),
                environment: FixedEnvironment())
            try setUp.append(contentsOf: (1..<records).map { _ in Samples.draft("same") })
            try setUp.close()
            let system = CountingSystem()
            var writer = try ChainWriter(
                opening: path, signer: key.signing, lock: .fail, system: system, environment: FixedEnvironment())
            try writer.append(Samples.draft("one more"))
            try writer.close()
            return system.reads
        }
        // The same number of bytes in a record's index and in each of the state's numbers.
        let short = try readsOfOneAppend(records: 1_000, "short")
        let long = try readsOfOneAppend(records: 8_000, "long")
        #expect(short.calls == long.calls)
        #expect(long.bytes - short.bytes <= 16, "\(short) and \(long)")
        #expect(long.bytes < 4_000)
    }

    /// Seed: a crash between record and state makes the next append write the same index again.
    @Test func aCrashBetweenRecordAndStateLosesNoIndex() throws {
        try makeChain(records: 3)
        let state = try folder.bytes("chain/state.cbor")
        var writer = try ChainWriter(opening: path, signer: key.signing)
        try writer.append(Samples.draft("acknowledged before the crash"))
        try writer.close()
        try folder.write(state, to: "chain/state.cbor")

        var next = try ChainWriter(opening: path, signer: key.signing)
        #expect(try next.append(Samples.draft("after the crash")).index == 4)
        try next.close()
        let verdict = try Verifier().verify(path)
        #expect(verdict.outcome == .valid)
        #expect(verdict.recordCount == 5)
    }

    /// Seed: appends behind a torn tail, after which no reader gets past it.
    @Test(arguments: [1, 3, 4, 5, 100, 300])
    func aTornTailIsKeptAsEvidenceAndCutOff(_ tornBytes: Int) throws {
        try makeChain(records: 4)
        let whole = try chainBytes()
        let state = try folder.bytes("chain/state.cbor")
        var writer = try ChainWriter(opening: path, signer: key.signing)
        try writer.append(
            Samples.draft("torn", metadata: [(key: "filler", value: .bytes([UInt8](repeating: 7, count: 200)))]))
        try writer.close()
        let torn = Array(try chainBytes()[..<(whole.count + tornBytes)])
        try folder.write(torn, to: "chain/chain.bin")
        try folder.write(state, to: "chain/state.cbor")

        // A reader says so and leaves it alone.
        #expect(try Verifier().verify(path).outcome == .torn)
        #expect(try Chain(opening: path).tail == .torn(bytes: tornBytes))
        #expect(try chainBytes() == torn)

        var next = try ChainWriter(opening: path, signer: key.signing)
        #expect(next.recovery.tornBytes == tornBytes)
        let evidence = try #require(next.recovery.evidence)
        #expect(try folder.bytes("chain/\(evidence)") == Array(torn[whole.count...]))
        #expect(try chainBytes() == whole)
        #expect(try next.append(Samples.draft("after the crash")).index == 4)
        try next.close()
        #expect(try Verifier().verify(path).outcome == .valid)
    }

    /// Seed: an empty or damaged state.cbor is an error for every operation.
    @Test(arguments: [[], [0xFF], Array("garbage".utf8), [0xA0], [UInt8](repeating: 0, count: 500)])
    func aUselessStateIsRebuiltAndKeptAside(_ useless: [UInt8]) throws {
        try makeChain(records: 3)
        try folder.write(useless, to: "chain/state.cbor")
        #expect(try Chain(opening: path).count == 3)
        #expect(try Verifier().verify(path).outcome == .valid)

        var writer = try ChainWriter(opening: path, signer: key.signing)
        #expect(writer.recovery.unusableState != nil)
        #expect(try writer.append(Samples.draft("next")).index == 3)
        try writer.close()
        let kept = try folder.contents().keys.filter { $0.hasPrefix("chain/state.cbor.bad-") }
        #expect(try kept.map { try folder.bytes($0) } == [useless])
        guard case .good = try Chain(opening: path).stateStatus else {
            Issue.record("the state was not rebuilt")
            return
        }
    }

    /// Seed: writes a record that no reader, its own included, takes.
    @Test func aRecordAboveTheLimitIsNotWritten() throws {
        try makeChain(records: 2)
        let before = try chainBytes()
        var writer = try ChainWriter(opening: path, signer: key.signing)
        let error = try refusal {
            try writer.append(RecordDraft(inline: [UInt8](repeating: 0, count: 1_048_576), contentType: "x"))
        }
        #expect(error.code == .invalidRecord)
        #expect(try chainBytes() == before)
        // A refusal is no failure: the writer goes on.
        #expect(try writer.append(Samples.draft("smaller")).index == 2)
        try writer.close()
        #expect(try Verifier().verify(path).outcome == .valid)
    }

    /// Seed: takes the write offset before it waits for the lock.
    @Test func theWriteOffsetIsTakenUnderTheLock() throws {
        try makeChain(records: 2)
        var patient = try ChainWriter(opening: path, signer: key.signing)
        try patient.suspend()
        var other = try ChainWriter(opening: path, signer: key.signing)
        let theirs = try other.append(Samples.draft("in between"))
        try other.close()
        try patient.resume()
        let ours = try patient.append(Samples.draft("afterwards"))
        try patient.close()
        #expect(ours.index == theirs.index + 1)
        #expect(ours.offset == theirs.offset + theirs.size)
        let chain = try Chain(opening: path)
        #expect(try chain.record(at: theirs.index).recordHash == theirs.recordHash)
        #expect(try chain.record(at: ours.index).recordHash == ours.recordHash)
        #expect(try Verifier().verify(path).outcome == .valid)
    }

    /// Seed: lets anybody append, and then the chain no longer verifies.
    @Test func aStrangerDoesNotAppend() throws {
        try makeChain(records: 2)
        let before = try folder.contents()
        #expect(
            try refusal { _ = try ChainWriter(opening: path, signer: stranger.signing) }.code == .unauthorizedSigner)
        #expect(try folder.contents() == before)
    }

    /// A key that was rotated away is a stranger's.
    @Test func anOldKeyDoesNotAppend() throws {
        try makeChain(records: 2)
        var writer = try ChainWriter(opening: path, signer: key.signing)
        try writer.rotate(to: SharedKey("next").signing)
        try writer.close()
        let before = try folder.contents()
        #expect(try refusal { _ = try ChainWriter(opening: path, signer: key.signing) }.code == .unauthorizedSigner)
        #expect(try folder.contents() == before)
    }

    /// Seed: readers write state.cbor, without the lock.
    @Test(arguments: ["missing", "empty", "garbage", "behind", "good"])
    func readersWriteNothing(_ state: String) throws {
        try makeChain(records: 3)
        let behind = try folder.bytes("chain/state.cbor")
        var writer = try ChainWriter(opening: path, signer: key.signing)
        try writer.append(Samples.draft("4"))
        try writer.close()
        switch state {
        case "missing": try FileManager.default.removeItem(atPath: "\(path)/state.cbor")
        case "empty": try folder.write([], to: "chain/state.cbor")
        case "garbage": try folder.write([1, 2, 3], to: "chain/state.cbor")
        case "behind": try folder.write(behind, to: "chain/state.cbor")
        default: break
        }
        let before = try folder.contents()
        let chain = try Chain(opening: path)
        #expect(chain.count == 4)
        _ = try chain.head()
        _ = try chain.record(at: 1)
        _ = try chain.records(in: 0..<4)
        _ = try chain.verify()
        try chain.refresh()
        #expect(try folder.contents() == before)
    }

    /// Seed: a reader that stays open never sees a new record.
    @Test func aLongLivedReaderSeesNewRecords() throws {
        try makeChain(records: 2)
        let reader = try Chain(opening: path)
        #expect(try reader.record(at: 1).index == 1)
        var writer = try ChainWriter(opening: path, signer: key.signing)
        try writer.append(contentsOf: [Samples.draft("a"), Samples.draft("b")])
        #expect(try reader.refresh() == 2)
        #expect(reader.count == 4)
        #expect(try reader.head()?.recordHash == writer.headHash)
        try writer.rotate(to: SharedKey("next").signing)
        try writer.append(Samples.draft("c"))
        try writer.close()
        #expect(try reader.refresh() == 2)
        #expect(try reader.record(at: 5).signer == SharedKey("next").publicKey)
        #expect(try reader.refresh() == 0)
    }

    /// Seed: rotating to the key itself leaves no key authorized, and the next signer, whoever it is, becomes the one.
    @Test func aKeyIsNotRotatedToItselfOrToAnEarlierOne() throws {
        try makeChain(records: 2)
        var writer = try ChainWriter(opening: path, signer: key.signing)
        let before = try chainBytes()
        #expect(try refusal { try writer.rotate(to: key.signing) }.findings.map(\.rule) == [.rotationReuse])
        #expect(try chainBytes() == before)
        let next = SharedKey("next")
        try writer.rotate(to: next.signing)
        #expect(try refusal { try writer.rotate(to: key.signing) }.findings.map(\.rule) == [.rotationReuse])
        // The refused rotation changed nothing: the same key goes on signing.
        #expect(try writer.append(Samples.draft("on")).index == 3)
        try writer.close()
        #expect(try Chain(opening: path).head()?.signer == next.publicKey)
        #expect(try Verifier().verify(path).outcome == .valid)
    }

    /// Seed: verifying from an index above 0 takes the first signer it meets for the authorized one.
    @Test func verifyingARangeEstablishesWhoMaySignThere() throws {
        let forged = try Forgery.strangerTakesOver(path, owner: key, stranger: stranger, at: 3)
        try folder.write(forged, to: "chain/chain.bin")
        let verdict = try Verifier(range: 3..<5).verify(path)
        #expect(verdict.outcome == .invalid)
        #expect(!verdict.isAuthorized)
        let first = try #require(verdict.findings.first { $0.severity == .error })
        #expect(first.rule == .signer)
        #expect(first.index == 3)
    }

    /// The same for a range behind a rotation, where another key than the first one's is right.
    @Test func aRangeBehindARotationIsValid() throws {
        try makeChain(records: 3)
        let next = SharedKey("next")
        var writer = try ChainWriter(opening: path, signer: key.signing)
        try writer.rotate(to: next.signing)
        try writer.append(contentsOf: [Samples.draft("a"), Samples.draft("b")])
        try writer.close()
        let verdict = try Verifier(signatures: .epoch, range: 4..<6).verify(path)
        #expect(verdict.outcome == .valid)
        #expect(verdict.signers.map(\.key) == [key.publicKey, next.publicKey])
        // Both of the range, and the last of the first key's run.
        #expect(verdict.signaturesChecked == 3)
    }

    /// Seed: an empty chain and a range past the end are "valid".
    @Test func nothingToVerifyIsNotValid() throws {
        try makeChain(records: 3)
        for range in [3..<4, 2..<4, 100..<200, 1..<1, 3..<3, 0..<0] {
            #expect(try refusal { _ = try Verifier(range: range).verify(path) }.code == .outOfRange, "\(range)")
        }
        #expect(try Verifier(range: 2..<3).verify(path).outcome == .valid)
        try folder.write([], to: "empty.bin")
        let empty = try Verifier().verify(folder.path("empty.bin"))
        #expect(empty.outcome == .invalid)
        #expect(empty.findings.map(\.rule) == [.empty])
        #expect(try refusal { _ = try Verifier().verify(folder.path("missing")) }.code == .notFound)
    }

    /// Seed: another chain in this one's place verifies.
    @Test func aReplacedChainIsNoticed() throws {
        try makeChain(records: 3)
        let expected = try #require(try Chain(opening: path).chainID)
        let mine: [AttestationChain.Expectation] = [.chainID(expected), .signer(key.publicKey.fingerprint)]
        let pinned = try Verifier(expectations: mine).verify(path)
        #expect(pinned.outcome == .valid)
        #expect(pinned.identityPin == .chainID)

        let other = folder.path("other")
        var forger = try ChainWriter(creating: other, signer: stranger.signing)
        try forger.append(contentsOf: (0..<5).map { Samples.draft("\($0)") })
        try forger.close()
        let forged = try folder.bytes("other/chain.bin")
        try folder.write(forged, to: "chain/chain.bin")
        // What state.cbor knows is enough to notice, for verifier, reader and writer.
        #expect(try Verifier().verify(path).outcome == .rollback)
        #expect(try refusal { _ = try Chain(opening: path) }.code == .rolledBack)
        #expect(try refusal { _ = try ChainWriter(opening: path, signer: stranger.signing) }.code == .rolledBack)
        #expect(try chainBytes() == forged)
        // Without it, what the caller knows.
        try FileManager.default.removeItem(atPath: "\(path)/state.cbor")
        for expectation in mine {
            let verdict = try Verifier(expectations: [expectation]).verify(path)
            #expect(verdict.outcome == .invalid)
            #expect(verdict.identityPin == .none)
            #expect(verdict.findings.map(\.rule) == [.identity])
        }
        // And with neither, the verdict does not say more than it knows.
        let unpinned = try Verifier().verify(path)
        #expect(unpinned.outcome == .valid)
        #expect(unpinned.identityPin == .none)
        #expect(unpinned.tailPin == .none)
    }

    /// Seed: a chain whose last records were cut off verifies.
    @Test func aCutTailIsNoticed() throws {
        try makeChain(records: 5)
        let chain = try Chain(opening: path)
        let head = AttestationChain.Expectation.head(index: 4, hash: try #require(chain.headHash))
        let cut = try chain.record(at: 3).offset
        try folder.write(Array(try chainBytes()[..<cut]), to: "chain/chain.bin")
        let byState = try Verifier().verify(path)
        #expect(byState.outcome == .rollback)
        #expect(byState.tailStatus == .truncated)
        #expect(byState.recordCount == 3)
        #expect(try refusal { _ = try Chain(opening: path) }.code == .rolledBack)
        #expect(try refusal { _ = try ChainWriter(opening: path, signer: key.signing) }.code == .rolledBack)
        try FileManager.default.removeItem(atPath: "\(path)/state.cbor")
        let byHead = try Verifier(expectations: [head]).verify(path)
        #expect(byHead.outcome == .rollback)
        #expect(byHead.findings.map(\.rule) == [.expectedHead])
        #expect(try Verifier().verify(path).tailPin == .none)
    }

    /// Seed: bytes behind the record, inside its frame, pass.
    @Test func trailingBytesInAFrameAreInvalid() throws {
        try makeChain(records: 3)
        let padded = try Forgery.padLastFrame(path, with: [0xF6])
        try folder.write(padded, to: "padded.bin")
        let verdict = try Verifier().verify(folder.path("padded.bin"))
        #expect(verdict.outcome == .invalid)
        #expect(verdict.recordCount == 2)
        let error = try #require(verdict.findings.first { $0.severity == .error })
        #expect(error.rule == .frame)
        #expect(error.index == 2)
        #expect(try refusal { _ = try Chain(opening: folder.path("padded.bin")) }.code == .damaged)
    }
}
