import AttestationChain
import Foundation
import TestSupport
import Testing

/// The chain that the older Python store made once: Fixtures/seed-chain.
@Suite("A chain of the older Python store") struct SeedChainTests {
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.path("chain")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for name in ["chain.bin", "state.cbor"] {
            let source = Fixtures.root.appending(path: "seed-chain/\(name)")
            try FileManager.default.copyItem(at: source, to: URL(filePath: "\(path)/\(name)"))
        }
    }

    private static func key(_ name: String) -> SigningKey {
        let seed = SHA256.hash(Array("attestation-chain seed fixture key \(name)".utf8)).bytes
        return unsafe SigningKey(seed: SecretBytes(count: seed.count) { unsafe $0.copyBytes(from: seed) })
    }

    @Test func verifiesWithAWarningAboutTheRotation() throws {
        let verdict = try Verifier(expectations: [.signer(Self.key("A").publicKey.fingerprint)]).verify(path)
        #expect(verdict.outcome == .valid)
        #expect(verdict.recordCount == 20)
        #expect(verdict.signaturesValid == 20)
        #expect(verdict.identityPin == .signer)
        #expect(verdict.tailPin == .state)
        #expect(verdict.findings.map(\.rule) == [.rotationProof])
        #expect(verdict.findings.map(\.severity) == [.warning])
        #expect(verdict.findings.map(\.index) == [12])
        #expect(verdict.signers.map(\.key) == [Self.key("A").publicKey, Self.key("B").publicKey])
        #expect(verdict.signers.map(\.firstIndex) == [0, 13])
    }

    @Test func metadataReadsAsItWasWritten() throws {
        let chain = try Chain(opening: path)
        #expect(chain.stateStatus == .olderStore)
        let record = try chain.record(at: 4)
        #expect(record.contentType == "image/jpeg")
        #expect(record.contentHash == SHA256.hash(Array("content 4".utf8)))
        let metadata = record.metadata
        #expect(metadata["number"] == 4)
        #expect(metadata["taken"] == .tagged(0, "2026-03-01T12:04:15Z"))
        #expect(metadata["latitude"] == .float(48.2082 + 0.5))
        #expect(metadata["altitude"] == 4.0)
        #expect(metadata["thumbnail"] == .bytes(SHA256.hash(Array("content 4".utf8)).bytes))
        #expect(metadata["tags"] == ["a", nil, true, ["nested": -4]])
        #expect(record.entropyWitnesses == [:])
    }

    @Test func goesOnHere() throws {
        var writer = try ChainWriter(opening: path, signer: Self.key("B"))
        #expect(writer.recovery.isEmpty)
        #expect(try writer.append(Samples.draft("from Swift")).index == 20)
        try writer.rotate(to: SharedKey("next").signing)
        try writer.append(Samples.draft("from Swift, with the new key"))
        try writer.close()
        let verdict = try Verifier().verify(path)
        #expect(verdict.outcome == .valid)
        #expect(verdict.recordCount == 23)
        // Ours has its proof.
        #expect(verdict.findings.map(\.index) == [12])
        guard case .good = try Chain(opening: path).stateStatus else {
            Issue.record("the older store's state was not replaced by one that opening can use")
            return
        }
    }

    @Test func itsOldKeyMayNotSignHere() throws {
        let before = try folder.contents()
        let error = try #require(throws: ChainError.self) { _ = try ChainWriter(opening: path, signer: Self.key("A")) }
        #expect(error.code == .unauthorizedSigner)
        #expect(try folder.contents() == before)
    }
}
