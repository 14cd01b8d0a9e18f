import ChainCrypto
import ChainRecord
import DeterministicCBOR
import TestSupport
import Testing

struct RecordVector: Decodable, Sendable {
    let description: String
    let expect: String
    let rules: [String]
    let warnings: [String]
    let hex: String
}

/// Single records, judged without the chain around them.
@Suite struct RecordVectorTests {
    static let vectors = Fixtures.vectors("records", as: RecordVector.self)

    @Test(arguments: vectors.map(\.name)) func agrees(_ name: String) throws {
        let vector = try #require(Self.vectors.first { $0.name == name }).vector
        let bytes = try #require(Hex.decode(vector.hex))
        var broken: Set<String> = []
        do {
            let record = try ExaminedRecord(bytes.span, checkingSignature: true)
            if !record.contentMatches { broken.insert("content") }
            if record.signatureIsValid == false { broken.insert("signature") }
        } catch {
            broken.insert(error.rule.rawValue)
            // Bytes that end early or late are about the frame where there is one.
            if case .encoding(let encoding) = error.code, [.trailingBytes, .needsMoreBytes].contains(encoding.code) {
                broken.insert("frame")
            }
        }
        #expect(broken.isEmpty == (vector.expect == "accepted"), "\(vector.description): \(broken)")
        if !vector.rules.isEmpty {
            #expect(!broken.isDisjoint(with: vector.rules), "\(vector.description): \(broken)")
        }
    }
}
