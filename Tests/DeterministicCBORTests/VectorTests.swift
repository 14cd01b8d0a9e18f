import ChainCrypto
import DeterministicCBOR
import TestSupport
import Testing

struct CBORVector: Decodable, Sendable {
    let description: String
    let expect: String
    let code: String?
    let offset: Int?
    let hex: String
}

/// Vectors made by a generator that shares no code with this project (Fixtures/generate.py).
@Suite struct VectorTests {
    static let vectors = Fixtures.vectors("cbor", as: CBORVector.self)

    @Test(arguments: vectors.filter { $0.vector.expect == "accepted" }.map(\.name))
    func accepts(_ name: String) throws {
        let vector = try #require(Self.vectors.first { $0.name == name }).vector
        let bytes = try #require(Hex.decode(vector.hex))
        var cursor = CBORCursor()
        try cursor.skip(in: bytes.span)
        #expect(cursor.offset == bytes.count)
        #expect(try CBORValue(decoding: bytes).encoded() == bytes, "\(vector.description)")
    }

    @Test(arguments: vectors.filter { $0.vector.expect == "refused" }.map(\.name))
    func refuses(_ name: String) throws {
        let vector = try #require(Self.vectors.first { $0.name == name }).vector
        let bytes = try #require(Hex.decode(vector.hex))
        let error = #expect(throws: CBORError.self) { try CBORValue(decoding: bytes) }
        #expect(error?.code.rawValue == vector.code, "\(vector.description)")
        #expect(error?.offset == vector.offset, "\(vector.description)")
        // The walk that allocates nothing decides the same.
        if error?.code != .trailingBytes {
            let walked = #expect(throws: CBORError.self) {
                var cursor = CBORCursor()
                try cursor.skip(in: bytes.span)
            }
            #expect(walked == error)
        }
    }

    @Test func thereAreVectorsOfEveryCode() {
        let codes = Set(Self.vectors.compactMap { $0.vector.code })
        for code in [
            "needs-more-bytes", "malformed", "non-shortest-head", "non-shortest-float", "non-shortest-bignum",
            "indefinite-length", "unsupported-simple", "invalid-utf8", "unsupported-key", "unsorted-keys",
            "duplicate-key", "too-deep", "trailing-bytes",
        ] {
            #expect(codes.contains(code))
        }
    }
}
