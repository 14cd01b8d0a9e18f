import DeterministicCBOR
import Testing

/// The printer of diagnostic notation, against the examples of RFC 8949, Appendix A.
@Suite struct CBORDiagnosticTests {
    /// Every example of the appendix that the profile admits: the others are of indefinite length, not the shortest form,
    /// undefined, or other simple values.
    @Test(arguments: [
        ("00", "0"), ("01", "1"), ("0a", "10"), ("17", "23"), ("1818", "24"), ("1819", "25"), ("1864", "100"),
        ("1903e8", "1000"), ("1a000f4240", "1000000"), ("1b000000e8d4a51000", "1000000000000"),
        ("1bffffffffffffffff", "18446744073709551615"), ("3bffffffffffffffff", "-18446744073709551616"),
        ("20", "-1"), ("29", "-10"), ("3863", "-100"), ("3903e7", "-1000"),
        ("f90000", "0.0"), ("f98000", "-0.0"), ("f93c00", "1.0"), ("fb3ff199999999999a", "1.1"), ("f93e00", "1.5"),
        ("f97bff", "65504.0"), ("fa47c35000", "100000.0"), ("fa7f7fffff", "3.4028234663852886e+38"),
        ("fbc010666666666666", "-4.1"), ("f9c400", "-4.0"),
        ("f97c00", "Infinity"), ("f97e00", "NaN"), ("f9fc00", "-Infinity"),
        ("f4", "false"), ("f5", "true"), ("f6", "null"),
        ("c074323031332d30332d32315432303a30343a30305a", #"0("2013-03-21T20:04:00Z")"#),
        ("c11a514b67b0", "1(1363896240)"), ("c1fb41d452d9ec200000", "1(1363896240.5)"),
        ("d74401020304", "23(h'01020304')"), ("d818456449455446", "24(h'6449455446')"),
        ("d82076687474703a2f2f7777772e6578616d706c652e636f6d", #"32("http://www.example.com")"#),
        ("40", "h''"), ("4401020304", "h'01020304'"), ("60", #""""#), ("6161", #""a""#), ("6449455446", #""IETF""#),
        ("62225c", #""\"\\""#), ("62c3bc", "\"\u{fc}\""), ("63e6b0b4", "\"\u{6c34}\""),
        ("64f0908591", "\"\u{10151}\""),
        ("80", "[]"), ("83010203", "[1, 2, 3]"), ("8301820203820405", "[1, [2, 3], [4, 5]]"),
        (
            "98190102030405060708090a0b0c0d0e0f101112131415161718181819",
            "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25]"
        ),
        ("a0", "{}"), ("a201020304", "{1: 2, 3: 4}"), ("a26161016162820203", #"{"a": 1, "b": [2, 3]}"#),
        ("826161a161626163", #"["a", {"b": "c"}]"#),
        (
            "a56161614161626142616361436164614461656145",
            #"{"a": "A", "b": "B", "c": "C", "d": "D", "e": "E"}"#
        ),
    ])
    func appendixA(hex: String, notation: String) throws {
        let bytes = try decode(hex)
        #expect(try CBORDiagnostic.notation(bytes.span) == notation)
    }

    /// Where the notation leaves a choice: Swift's spelling of the same value, and bignums in their long form.
    @Test(arguments: [
        ("fb7e37e43c8800759c", "1e+300"), ("f90001", "5.960464477539063e-08"), ("f90400", "6.103515625e-05"),
        ("c249010000000000000000", "2(h'010000000000000000')"),
        ("c349010000000000000000", "3(h'010000000000000000')"),
    ])
    func appendixAInOtherWords(hex: String, notation: String) throws {
        let bytes = try decode(hex)
        #expect(try CBORDiagnostic.notation(bytes.span) == notation)
    }

    @Test func linesSayWhereItemsStand() throws {
        let bytes = try decode("a26161016162820203")
        let lines = try CBORDiagnostic.lines(bytes.span)
        #expect(lines.map(\.text) == ["{", #""a": 1,"#, #""b": ["#, "2,", "3", "]", "}"])
        #expect(lines.map(\.offset) == [0, 1, 4, 7, 8, nil, nil])
        #expect(lines.map(\.depth) == [0, 1, 1, 2, 2, 1, 0])
    }

    @Test func tagsStandOnTheLineOfTheirContent() throws {
        let bytes = try decode("a16178c18101")
        let lines = try CBORDiagnostic.lines(bytes.span)
        #expect(lines.map(\.text) == ["{", #""x": 1(["#, "1", "])", "}"])
        #expect(lines.map(\.offset) == [0, 1, 5, nil, nil])
    }

    @Test func nothingInvisibleStays() throws {
        let text = "\u{1b}[31m\u{7f}\u{9b}\u{202e}\u{200b}\u{2028}\u{e0041}\n"
        let bytes = try CBORValue.text(text).encoded()
        #expect(
            try CBORDiagnostic.notation(bytes.span)
                == #""\u001b[31m\u007f\u009b\u202e\u200b\u2028\udb40\udc41\n""#)
    }

    @Test(arguments: [
        ("1800", CBORError.Code.nonShortestHead), ("9f", .indefiniteLength), ("0000", .trailingBytes),
        ("82 01", .needsMoreBytes), ("a2616201616102", .unsortedKeys), ("a2616101616102", .duplicateKey),
        ("a1f401", .unsupportedKey), ("c24101", .nonShortestBignum), ("8181818181818181818181818181818181", .tooDeep),
    ])
    func refuses(hex: String, code: CBORError.Code) throws {
        let bytes = try decode(hex.filter { $0 != " " })
        do throws(CBORError) {
            _ = try CBORDiagnostic.notation(bytes.span)
            Issue.record("accepted")
        } catch {
            #expect(error.code == code)
        }
    }

    private func decode(_ hex: String) throws -> [UInt8] {
        let digits = Array(hex)
        return try stride(from: 0, to: digits.count, by: 2).map {
            try #require(UInt8(String(digits[$0...($0 + 1)]), radix: 16))
        }
    }
}
