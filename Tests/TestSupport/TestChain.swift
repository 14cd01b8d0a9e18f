package import AttestationChain

/// A chain in a folder of its own.
package final class TestChain {
    package let folder: TemporaryFolder
    package let key: SigningKey
    package let system = ObservedSystem()
    package let environment = FixedEnvironment()
    package var path: String { folder.path("chain") }

    /// Makes a chain of a genesis record and `count` plain ones, and closes it.
    package init(records count: Int = 0, key: SigningKey = TestKeys.named("A")) throws {
        folder = try TemporaryFolder()
        self.key = key
        var writer = try ChainWriter(
            creating: folder.path("chain"), signer: key, name: "Test", system: system, environment: environment)
        if count > 0 { try writer.append(contentsOf: (1...count).map(Self.draft)) }
        try writer.close()
    }

    /// The `number`-th draft: the same every time.
    package static func draft(_ number: Int) -> RecordDraft {
        RecordDraft(
            contentHash: SHA256.hash(Array("content \(number)".utf8)), contentType: "text/plain",
            metadata: [(key: "number", value: CBORValue(Int64(number)))])
    }

    package func writer(_ signer: SigningKey? = nil) throws(ChainError) -> ChainWriter {
        try ChainWriter(opening: path, signer: signer ?? key, lock: .fail, system: system, environment: environment)
    }

    package func reader() throws(ChainError) -> Chain { try Chain(opening: path) }

    package func verdict(_ expectations: Expectation...) throws(ChainError) -> Verdict {
        try Verifier(expectations: expectations).verify(path)
    }

    package func bytes() throws -> [UInt8] { try folder.bytes("chain/chain.bin") }
    package func replaceBytes(_ bytes: [UInt8]) throws { try folder.write(bytes, to: "chain/chain.bin") }
    package func state() throws -> [UInt8] { try folder.bytes("chain/state.cbor") }
    package func names() throws -> [String] {
        try folder.contents().keys.filter { $0.hasPrefix("chain/") }.map { String($0.dropFirst(6)) }.sorted()
    }
}
