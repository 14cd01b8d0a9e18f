import AttestationChain
import Foundation
import TestSupport
import Testing

/// The weaknesses themselves, in the older store: what ``SeedWeaknessTests`` would find if this project had them too.
@Suite("The older store's weaknesses, shown there", Availability.needsSeedStore)
struct SeedBehaviourTests {
    private let folder: TemporaryFolder
    private let path: String
    private let seed: SeedStore
    private let key = SharedKey("owner")
    private let stranger = SharedKey("stranger")

    init() throws {
        folder = try TemporaryFolder()
        path = folder.path("chain")
        seed = try SeedStore(path)
    }

    private func makeChain(records: Int) throws {
        for number in 0..<records { try seed.append(key, "\(number)") }
    }

    /// The name of the exception that the store raises.
    private func refusal(_ body: () throws -> Void) throws -> String {
        try #require(throws: SeedStore.Refusal.self, performing: body).name
    }

    @Test func aCrashBetweenRecordAndStateDoublesAnIndex() throws {
        try makeChain(records: 3)
        #expect(try refusal { try seed.append(key, "crash", options: ["crash": true]) } == "KeyboardInterrupt")
        // Here the same bytes go on at the right index.
        let copy = folder.path("copy")
        try FileManager.default.copyItem(atPath: path, toPath: copy)
        var writer = try ChainWriter(opening: copy, signer: key.signing)
        #expect(try writer.append(Samples.draft("next")).index == 4)
        try writer.close()
        #expect(try Verifier().verify(copy).outcome == .valid)

        #expect(try seed.append(key, "next").index == 3)
        #expect(try refusal { _ = try seed.verify() } == "ChainIntegrityError")
        #expect(try Verifier().verify(path).outcome == .invalid)
    }

    @Test func anAppendBehindATornTailIsLost() throws {
        try makeChain(records: 3)
        try folder.write(try folder.bytes("chain/chain.bin") + [0, 0, 1, 0x2C, 0xAB, 0x00], to: "chain/chain.bin")
        #expect(try seed.append(key, "behind the tail").index == 3)
        // Acknowledged, and nobody can read it: it is taken for the rest of the record that the crash cut short.
        try FileManager.default.removeItem(atPath: "\(path)/state.cbor")
        #expect(try seed.count() == 3)
        #expect(try Verifier().verify(path).outcome == .invalid)
    }

    @Test(arguments: [[], Array("garbage".utf8)])
    func aUselessStateIsAnError(_ useless: [UInt8]) throws {
        try makeChain(records: 3)
        try folder.write(useless, to: "chain/state.cbor")
        #expect(throws: SeedStore.Refusal.self) { try seed.append(key, "next") }
        #expect(throws: SeedStore.Refusal.self) { _ = try seed.count() }
    }

    @Test func aRecordAboveTheLimitIsWrittenAndNeverRead() throws {
        try makeChain(records: 2)
        try seed.append(key, "large", options: ["size": 1_048_576])
        #expect(try refusal { _ = try seed.verify() } == "ChainError")
        #expect(try Verifier().verify(path).outcome == .invalid)
    }

    @Test func theWriteOffsetIsTakenBeforeTheLock() throws {
        try makeChain(records: 2)
        let record = try seed.append(key, "late") {
            var writer = try ChainWriter(opening: path, signer: key.signing)
            try writer.append(Samples.draft("in between"))
            try writer.close()
        }
        #expect(record.index == 3)
        // It remembers the place where the record in between stands.
        #expect(try seed.record(at: 3).index == 2)
    }

    @Test func aStrangerAppends() throws {
        try makeChain(records: 2)
        #expect(try seed.append(stranger, "mine").index == 2)
        #expect(try refusal { _ = try seed.verify() } == "ChainIntegrityError")
    }

    @Test func aReaderWritesTheState() throws {
        try makeChain(records: 2)
        try FileManager.default.removeItem(atPath: "\(path)/state.cbor")
        #expect(try seed.count() == 2)
        #expect(FileManager.default.fileExists(atPath: "\(path)/state.cbor"))
    }

    @Test func aLongLivedReaderStaysBehind() throws {
        try makeChain(records: 2)
        try seed.open("reader")
        #expect(try seed.head(of: "reader").index == 1)
        try seed.append(key, "new")
        #expect(try seed.head(of: "reader").index == 1)
    }

    @Test func afterRotatingToItselfAnybodyIsAuthorized() throws {
        try makeChain(records: 2)
        try seed.rotate(key, to: key)
        try seed.append(stranger, "mine now")
        #expect(try seed.verify())
        let verdict = try Verifier().verify(path)
        #expect(verdict.outcome == .invalid)
        let errors = verdict.findings.filter { $0.severity == .error }
        #expect(errors.map(\.rule) == [.rotationReuse, .signer])
        #expect(errors.map(\.index) == [2, 3])
    }

    @Test func aRangeTrustsItsFirstSigner() throws {
        try folder.write(
            Forgery.strangerTakesOver(path, owner: key, stranger: stranger, at: 3), to: "chain/chain.bin")
        #expect(try seed.verify(from: 3))
        #expect(try refusal { _ = try seed.verify() } == "ChainIntegrityError")
    }

    @Test func nothingIsValid() throws {
        #expect(try seed.verify())
        try makeChain(records: 2)
        #expect(try seed.verify(from: 100))
    }

    @Test func aReplacedAndACutChainAreValid() throws {
        try makeChain(records: 5)
        let cut = try Chain(opening: path).record(at: 3).offset
        try folder.write(Array(try folder.bytes("chain/chain.bin")[..<cut]), to: "chain/chain.bin")
        try seed.open("new")
        #expect(try seed.verify())

        let other = folder.path("other")
        try ChainWriter(creating: other, signer: stranger.signing).close()
        try folder.write(try folder.bytes("other/chain.bin"), to: "chain/chain.bin")
        #expect(try seed.verify())
    }

    @Test func trailingBytesInAFramePass() throws {
        try makeChain(records: 3)
        try folder.write(Forgery.padLastFrame(path, with: [0xF6]), to: "chain/chain.bin")
        #expect(try seed.verify())
    }
}
