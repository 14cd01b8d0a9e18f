import ChainCommands
import DeterministicCBOR
import Testing

/// CBOR to JSON and back, without loss.
@Suite struct CBORJSONTests {
    private func text(_ value: CBORValue) -> String { String(decoding: CBORJSON.json(value).encoded(), as: UTF8.self) }

    private func value(_ text: String) throws -> CBORValue {
        try CBORJSON.cbor(try JSON(decoding: Array(text.utf8)))
    }

    @Test(
        arguments: [
            (.null, "null"), (true, "true"), (false, "false"), ("text", #""text""#),
            ("a/\"\\\n\u{1}é", #""a/\"\\\n\u0001é""#),
            (0, "0"), (-1, "-1"), (.unsigned(UInt64(Int64.max)), "9223372036854775807"),
            (CBORValue(.min), "-9223372036854775808"),
            (.unsigned(1 << 63), #"{"$int":"9223372036854775808"}"#),
            (.unsigned(.max), #"{"$int":"18446744073709551615"}"#),
            (.negative(1 << 63), #"{"$int":"-9223372036854775809"}"#),
            (.negative(.max), #"{"$int":"-18446744073709551616"}"#),
            (0.5, "0.5"), (-2.25, "-2.25"), (.float(.leastNonzeroMagnitude), "5e-324"), (.float(0.1), "0.1"),
            (.float(3.141592653589793), "3.141592653589793"),
            (.float(0), #"{"$float":"0.0"}"#), (.float(-0.0), #"{"$float":"-0.0"}"#), (.float(1), #"{"$float":"1.0"}"#),
            (.float(1e300), #"{"$float":"1e+300"}"#),
            (.float(.greatestFiniteMagnitude), #"{"$float":"1.7976931348623157e+308"}"#),
            (.float(.nan), #"{"$float":"NaN"}"#), (.float(.infinity), #"{"$float":"Infinity"}"#),
            (.float(-.infinity), #"{"$float":"-Infinity"}"#),
            (.bytes([]), #"{"$bytes":""}"#), (.bytes([0, 255]), #"{"$bytes":"00ff"}"#),
            ([], "[]"), ([1, [2, "x"], nil], #"[1,[2,"x"],null]"#),
            (.map([]), "{}"), (["a": 1, "b": ["c": []]], #"{"a":1,"b":{"c":[]}}"#), (["": 1], #"{"":1}"#),
            (.map([(1, "a"), (2, "b")]), #"{"$map":[[1,"a"],[2,"b"]]}"#),
            (.map([(.unsigned(.max), 1)]), #"{"$map":[[{"$int":"18446744073709551615"},1]]}"#),
            (["$bytes": "00"], #"{"$map":[["$bytes","00"]]}"#), (["$": 1, "a": 2], #"{"$map":[["$",1],["a",2]]}"#),
            (.map([("e\u{301}", 1), ("\u{e9}", 2)]), "{\"$map\":[[\"e\u{301}\",1],[\"\u{e9}\",2]]}"),
            (.tagged(0, "2013"), #"{"$tag":[0,"2013"]}"#),
            (
                .tagged(.max, .tagged(1, .bytes([1]))),
                #"{"$tag":[{"$int":"18446744073709551615"},{"$tag":[1,{"$bytes":"01"}]}]}"#
            ),
        ] as [(CBORValue, String)])
    func bothWays(value: CBORValue, json: String) throws {
        #expect(Array(text(value).utf8) == Array(json.utf8))
        #expect(try self.value(json).encoded() == value.encoded())
    }

    /// Random trees: what comes back is the same bytes.
    @Test func whateverItIs() throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            let original = tree(depth: 0, &random)
            let bytes = try original.encoded()
            let decoded = try CBORValue(decoding: bytes)
            #expect(try value(text(decoded)).encoded() == bytes)
        }
    }

    private func tree(depth: Int, _ random: inout SystemRandomNumberGenerator) -> CBORValue {
        switch Int.random(in: 0..<(depth < 5 ? 12 : 8), using: &random) {
        case 0: return .unsigned(number(&random))
        case 1: return .negative(number(&random))
        case 2:
            return .bytes((0..<Int.random(in: 0..<4, using: &random)).map { _ in .random(in: 0...255, using: &random) })
        case 3: return .text(key(&random))
        case 4: return .bool(.random(using: &random))
        case 5: return .null
        case 6: return .float(Double(bitPattern: .random(in: 0 ... .max, using: &random)))
        case 7: return .float(Double(Int.random(in: -1000...1000, using: &random)) / 8)
        case 8: return .array((0..<Int.random(in: 0..<4, using: &random)).map { _ in tree(depth: depth + 1, &random) })
        case 9:
            var keys: Set<[UInt8]> = []
            for _ in 0..<4 { keys.insert(Array(key(&random).utf8)) }
            return .map(keys.map { (.text(String(decoding: $0, as: UTF8.self)), tree(depth: depth + 1, &random)) })
        case 10:
            var keys: Set<UInt64> = []
            for _ in 0..<3 { keys.insert(number(&random)) }
            return .map(keys.map { (.unsigned($0), tree(depth: depth + 1, &random)) })
        // Tags 2 and 3 have rules of their own.
        default: return .tagged(.random(in: 4 ... .max, using: &random), tree(depth: depth + 1, &random))
        }
    }

    private func number(_ random: inout SystemRandomNumberGenerator) -> UInt64 {
        random.next() >> UInt64.random(in: 0..<64, using: &random)
    }

    private func key(_ random: inout SystemRandomNumberGenerator) -> String {
        let pieces = [
            "a", "e\u{301}", "\u{e9}", "$", "$bytes", ":", "\"", "\\", "\u{0}", "🙂", "\u{212b}", "\u{c5}", "/", "b",
        ]
        return (0..<Int.random(in: 0..<3, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
            .joined()
    }

    @Test(arguments: [
        #"{"$int":"01"}"#, #"{"$int":"+1"}"#, #"{"$int":"18446744073709551616"}"#, #"{"$int":"-18446744073709551617"}"#,
        #"{"$int":1}"#, #"{"$int":""}"#, #"{"$float":"inf"}"#, #"{"$float":"0x1p3"}"#, #"{"$float":"1e999"}"#,
        #"{"$float":1}"#,
        #"{"$float":""}"#, #"{"$bytes":"0"}"#, #"{"$bytes":"0G"}"#, #"{"$bytes":"AB"}"#, #"{"$bytes":7}"#,
        #"{"$tag":[1]}"#,
        #"{"$tag":[-1,2]}"#, #"{"$tag":["1",2]}"#, #"{"$tag":[1,2,3]}"#, #"{"$map":{}}"#, #"{"$map":[[1]]}"#,
        #"{"$map":[1]}"#,
        #"{"$unknown":1}"#, #"{"$bytes":"00","a":1}"#, #"{"$":1}"#, "1e300", "123456789012345678901234567890",
    ])
    func refuses(json: String) {
        #expect(throws: JSONTextError.self) { try value(json) }
    }

    @Test(arguments: [
        "", " ", "{", "[1", "{\"a\"}", "nul", "'a'", "{a:1}", "01", "1 2", "\"\u{1}\"", #""\ud800""#, "NaN", "// x",
        #"{"a":1,"a":2}"#, #"[{"b":{"a":1,"a":1}}]"#, "{\"\u{e9}\":1,\"e\u{301}\":2}", #"{"a":1,"\u0061":2}"#,
    ])
    func refusesText(text: String) {
        #expect(throws: JSONTextError.self) { try value(text) }
    }

    @Test(arguments: [
        #"{"a:b":":{","c":"\":\"","d\\":[{"e":"\\"}]}"#, #"":::""#, "\u{FEFF}1",
    ])
    func colonsInStringsAreNoKeys(text: String) throws {
        _ = try JSON(decoding: Array(text.utf8))
    }

    @Test func depth() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        _ = try value(nested(16))
        for depth in [17, 63, 64, 65, 500, 513, 100_000] {
            #expect(throws: JSONTextError.self) { try value(nested(depth)) }
        }
        // The longest way to write the deepest value.
        var deepest = "1"
        for _ in 0..<16 { deepest = #"{"$map":[[1,\#(deepest)]]}"# }
        _ = try value(deepest).encoded()
    }

    @Test func wholeNumbersAreIntegersHoweverSpelled() throws {
        #expect(try value("1.0") == 1)
        #expect(try value("1e3") == 1000)
        #expect(try value("-0") == 0)
    }
}
