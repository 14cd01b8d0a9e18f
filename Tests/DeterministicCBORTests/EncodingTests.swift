import DeterministicCBOR
import Testing

@Suite struct EncodingTests {
    @Test func mapsAreSortedByTheirEncodedKeys() throws {
        // RFC 8949 section 4.2.1: bytewise order of the encodings, so a shorter text comes first.
        let value: CBORValue = ["b": 1, "aa": 2, "a": 3]
        #expect(try value.encoded() == [0xA3, 0x61, 0x61, 0x03, 0x61, 0x62, 0x01, 0x62, 0x61, 0x61, 0x02])
    }

    @Test func refusesWhatNoReaderWouldTake() {
        let refused: [(CBORValue, CBORError.Code)] = [
            (["a": 1, "a": 2], .duplicateKey),
            (["a": 1, 2: 2], .unsupportedKey),
            ([-1: 1], .unsupportedKey),
            ([nil: 1], .unsupportedKey),
            (.tagged(2, .bytes([1])), .nonShortestBignum),
            (.tagged(3, .bytes([0] + [UInt8](repeating: 1, count: 9))), .nonShortestBignum),
            (.tagged(2, 5), .nonShortestBignum),
        ]
        for (value, code) in refused {
            let error = #expect(throws: CBORError.self) { try value.encoded() }
            #expect(error?.code == code)
        }
    }

    @Test func depthIsLimitedOnTheWayOutToo() throws {
        func nest(_ depth: Int) -> CBORValue { (0..<depth).reduce(0) { value, _ in .array([value]) } }
        #expect(try nest(16).encoded().count == 17)
        let error = #expect(throws: CBORError.self) { try nest(17).encoded() }
        #expect(error?.code == .tooDeep)
    }

    @Test func keysThatOnlyNormalizeAlikeStayTwoKeys() throws {
        // U+00E9, and e with U+0301: equal as Swift strings, different bytes.
        let value: CBORValue = ["\u{E9}": 1, "e\u{301}": 2]
        let decoded = try CBORValue(decoding: try value.encoded())
        #expect(decoded["\u{E9}"] == 1)
        #expect(decoded["e\u{301}"] == 2)
        #expect(CBORValue.text("\u{E9}") != CBORValue.text("e\u{301}"))
    }

    /// Every binary16 value, through libcbor's own reading of it.
    @Test func everyHalfSurvives() throws {
        for pattern in UInt16.min...UInt16.max {
            let bytes = [0xF9, UInt8(pattern >> 8), UInt8(pattern & 0xFF)]
            let isOtherNaN = pattern & 0x7C00 == 0x7C00 && pattern & 0x3FF != 0 && pattern != 0x7E00
            if isOtherNaN {
                #expect(throws: CBORError(.nonShortestFloat, at: 0)) { try CBORValue(decoding: bytes) }
            } else {
                let again = try CBORValue(decoding: bytes).encoded()
                if again != bytes { Issue.record("half \(pattern) became \(again)") }
            }
        }
    }

    @Test(arguments: [
        (1.0, 3), (65504, 3), (65505, 5), (0x1p-24, 3), (0x1p-25, 5), (0x1p-149, 5), (0x1p-150, 9), (0.1, 9),
        (Double(Float.greatestFiniteMagnitude), 5), (Double.greatestFiniteMagnitude, 9), (-0.0, 3), (.infinity, 3),
        (0x1.ff8p-15, 3), (0x1.ffcp-15, 5),
    ])
    func floatsTakeTheShortestForm(_ value: Double, _ size: Int) throws {
        let bytes = try CBORValue.float(value).encoded()
        #expect(bytes.count == size)
        #expect(try CBORValue(decoding: bytes) == .float(value))
    }
}
