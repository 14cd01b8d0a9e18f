import DeterministicCBOR
import Testing

@Suite struct RoundTripTests {
    @Test func nested() throws {
        let value: CBORValue = ["b": 1, "a": [1, 2.5, nil, true, "x"], "aa": ["k": -1]]
        let bytes = try value.encoded()
        #expect(try CBORValue(decoding: bytes).encoded() == bytes)
    }
}
