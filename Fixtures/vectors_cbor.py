"""Single CBOR items, accepted and refused by the encoding profile of the chain format.

There are hundreds, so they stand in tables, each with its description, and not in functions of their own.
"""

from builder import head

RFC = "RFC 8949, appendix A: "
ORDINAL = {1: "one byte", 2: "two bytes", 4: "four bytes", 8: "eight bytes"}


class Vectors(dict):
    """The vectors by name."""

    def put(self, name, entry):
        """Adds a vector under a name of its own."""
        if name in self:
            raise ValueError(f"two vectors are called {name}")
        self[name] = entry

    def accept(self, name, text, diagnostic, description):
        """Adds an item that follows the profile."""
        data = bytes.fromhex(text)
        entry = {"description": description, "expect": "accepted", "hex": data.hex()}
        if diagnostic is not None:
            entry["diagnostic"] = diagnostic
        self.put(name, entry)

    def refuse(self, name, text, code, offset, description):
        """Adds bytes that break the profile, first at `offset`."""
        data = bytes.fromhex(text)
        self.put(name, {
            "description": description, "expect": "refused", "code": code, "offset": offset, "hex": data.hex(),
        })


def rfc_accepted(vectors):
    """The examples of RFC 8949's appendix A that follow the profile."""
    examples = [
        ("0", "00"), ("1", "01"), ("10", "0a"), ("23", "17"), ("24", "1818"), ("25", "1819"), ("100", "1864"),
        ("1000", "1903e8"), ("1000000", "1a000f4240"), ("1000000000000", "1b000000e8d4a51000"),
        ("18446744073709551615", "1bffffffffffffffff"), ("18446744073709551616", "c249010000000000000000"),
        ("-18446744073709551616", "3bffffffffffffffff"), ("-18446744073709551617", "c349010000000000000000"),
        ("-1", "20"), ("-10", "29"), ("-100", "3863"), ("-1000", "3903e7"),
        ("0.0", "f90000"), ("-0.0", "f98000"), ("1.0", "f93c00"), ("1.1", "fb3ff199999999999a"), ("1.5", "f93e00"),
        ("65504.0", "f97bff"), ("100000.0", "fa47c35000"), ("3.4028234663852886e+38", "fa7f7fffff"),
        ("1.0e+300", "fb7e37e43c8800759c"), ("5.960464477539063e-8", "f90001"), ("0.00006103515625", "f90400"),
        ("-4.0", "f9c400"), ("-4.1", "fbc010666666666666"), ("Infinity", "f97c00"), ("NaN", "f97e00"),
        ("-Infinity", "f9fc00"), ("false", "f4"), ("true", "f5"), ("null", "f6"),
        ('0("2013-03-21T20:04:00Z")', "c074323031332d30332d32315432303a30343a30305a"),
        ("1(1363896240)", "c11a514b67b0"), ("1(1363896240.5)", "c1fb41d452d9ec200000"),
        ("23(h'01020304')", "d74401020304"), ("24(h'6449455446')", "d818456449455446"),
        ('32("http://www.example.com")', "d82076687474703a2f2f7777772e6578616d706c652e636f6d"),
        ("h''", "40"), ("h'01020304'", "4401020304"), ('""', "60"), ('"a"', "6161"), ('"IETF"', "6449455446"),
        ('"\\"\\\\"', "62225c"), ('"\\u00fc"', "62c3bc"), ('"\\u6c34"', "63e6b0b4"), ('"\\ud800\\udd51"', "64f0908591"),
        ("[]", "80"), ("[1, 2, 3]", "83010203"), ("[1, [2, 3], [4, 5]]", "8301820203820405"),
        ("[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25]",
         "98190102030405060708090a0b0c0d0e0f101112131415161718181819"),
        ("{}", "a0"), ("{1: 2, 3: 4}", "a201020304"), ('{"a": 1, "b": [2, 3]}', "a26161016162820203"),
        ('["a", {"b": "c"}]', "826161a161626163"),
        ('{"a": "A", "b": "B", "c": "C", "d": "D", "e": "E"}', "a56161614161626142616361436164614461656145"),
    ]
    for number, (diagnostic, text) in enumerate(examples):
        vectors.accept(f"rfc8949-{number:02}", text, diagnostic, RFC + diagnostic)


def rfc_refused(vectors):
    """The examples of RFC 8949's appendix A that the profile refuses."""
    examples = [
        ("Infinity", "fa7f800000", "non-shortest-float", 0), ("NaN", "fa7fc00000", "non-shortest-float", 0),
        ("-Infinity", "faff800000", "non-shortest-float", 0),
        ("Infinity", "fb7ff0000000000000", "non-shortest-float", 0),
        ("NaN", "fb7ff8000000000000", "non-shortest-float", 0),
        ("-Infinity", "fbfff0000000000000", "non-shortest-float", 0),
        ("undefined", "f7", "unsupported-simple", 0), ("simple(16)", "f0", "unsupported-simple", 0),
        ("simple(255)", "f8ff", "unsupported-simple", 0),
        ("(_ h'0102', h'030405')", "5f42010243030405ff", "indefinite-length", 0),
        ('(_ "strea", "ming")', "7f657374726561646d696e67ff", "indefinite-length", 0),
        ("[_ ]", "9fff", "indefinite-length", 0),
        ("[_ 1, [2, 3], [_ 4, 5]]", "9f018202039f0405ffff", "indefinite-length", 0),
        ("[_ 1, [2, 3], [4, 5]]", "9f01820203820405ff", "indefinite-length", 0),
        ("[1, [2, 3], [_ 4, 5]]", "83018202039f0405ff", "indefinite-length", 5),
        ("[1, [_ 2, 3], [4, 5]]", "83019f0203ff820405", "indefinite-length", 2),
        ("[_ 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25]",
         "9f0102030405060708090a0b0c0d0e0f101112131415161718181819ff", "indefinite-length", 0),
        ('{_ "a": 1, "b": [_ 2, 3]}', "bf61610161629f0203ffff", "indefinite-length", 0),
        ('["a", {_ "b": "c"}]', "826161bf61626163ff", "indefinite-length", 3),
        ('{_ "Fun": true, "Amt": -2}', "bf6346756ef563416d7421ff", "indefinite-length", 0),
    ]
    for number, (diagnostic, text, code, offset) in enumerate(examples):
        vectors.refuse(f"rfc8949-refused-{number:02}", text, code, offset, RFC + diagnostic + f" as {text}")


def forms(major, argument):
    """The head of an item in every form that holds the argument, the shortest first."""
    found = [bytes([major << 5 | argument])] if argument < 24 else []
    for info, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if argument < 1 << 8 * size:
            found.append(bytes([major << 5 | info]) + argument.to_bytes(size, "big"))
    return found


def integers(vectors):
    """Both sides of every width, in the shortest form and in all longer ones."""
    for value in (0, 1, 23, 24, 255, 256, 65535, 65536, 2**32 - 1, 2**32, 2**63 - 1, 2**63, 2**64 - 1):
        for major, name, diagnostic in ((0, "uint", value), (1, "negative", -1 - value)):
            shortest, *longer = forms(major, value)
            vectors.accept(f"{name}-{value}", shortest.hex(), str(diagnostic), f"{diagnostic} in its shortest form")
            for form in longer:
                size = len(form) - 1
                vectors.refuse(f"{name}-{value}-in-{size}", form.hex(), "non-shortest-head", 0,
                               f"{diagnostic} with an argument of {ORDINAL[size]}")


def lengths(vectors):
    """Lengths, counts and tag numbers in the shortest form and in longer ones."""
    for major, kind, content in (
        (2, "bytes", lambda length: b"Z" * length),
        (3, "text", lambda length: b"a" * length),
        (4, "array", lambda length: b"\xf6" * length),
        (5, "map", lambda length: b"".join(head(0, key) + b"\xf6" for key in range(length))),
    ):
        for length in (0, 1, 23, 24, 255, 256):
            shortest, *longer = forms(major, length)
            vectors.accept(f"{kind}-{length}", (shortest + content(length)).hex(), None, f"{kind} of {length}")
            for form in longer if length in (0, 23, 24) else longer[:1]:
                size = len(form) - 1
                vectors.refuse(f"{kind}-{length}-in-{size}", (form + content(length)).hex(), "non-shortest-head", 0,
                               f"{kind} of {length} with a length of {ORDINAL[size]}")
    for number in (4, 23, 24, 255, 256, 65535, 65536, 2**32 - 1, 2**32, 2**64 - 1):
        shortest, *longer = forms(6, number)
        vectors.accept(f"tag-{number}", shortest.hex() + "00", f"{number}(0)",
                       f"tag {number}; the content of tags other than bignums is not examined")
        for form in longer:
            size = len(form) - 1
            vectors.refuse(f"tag-{number}-in-{size}", form.hex() + "00", "non-shortest-head", 0,
                           f"tag {number} with a number of {ORDINAL[size]}")
    vectors.refuse("non-shortest-inside", "8300820118174101", "non-shortest-head", 4,
                   "23 in two bytes, inside an array in an array")
    vectors.refuse("non-shortest-before-truncation", "5801", "non-shortest-head", 0,
                   "a byte string of 1 with a two-byte head and no content: the wrong head comes first")


def floats(vectors):
    """Floats at the limits of every width, and NaNs."""
    for name, text, diagnostic, description in [
        ("half-largest-subnormal", "f903ff", "0.00006097555160522461", "the largest half-precision subnormal"),
        ("half-negative-subnormal", "f98001", "-5.960464477539063e-8", "the negative half that is next to 0"),
        ("half-negative-largest-subnormal", "f983ff", "-0.00006097555160522461",
         "the negative half-precision subnormal farthest from 0"),
        ("half-negative-largest", "f9fbff", "-65504.0", "the lowest finite half"),
        ("single-below-half-subnormals", "fa33000000", "2.9802322387695312e-8", "2^-25, half the smallest half"),
        ("single-between-half-subnormals", "fa33c00000", "8.940696716308594e-8", "1.5 · 2^-24, between two halves"),
        ("single-above-half-subnormals", "fa387fe000", "0.00006100535392761230", "1023.5 · 2^-24, between two halves"),
        ("single-11-bits", "fa3f801000", "1.00048828125", "1 + 2^-11, one bit more than a half has"),
        ("single-above-half", "fa477ff000", "65520.0", "65520, halfway to what would follow the largest half"),
        ("single-65536", "fa47800000", "65536.0", "65536, a power of two beyond the halves"),
        ("single-smallest-subnormal", "fa00000001", "1.401298464324817e-45", "the smallest single"),
        ("single-largest-subnormal", "fa007fffff", "1.1754942106924411e-38", "the largest single-precision subnormal"),
        ("single-smallest-normal", "fa00800000", "1.1754943508222875e-38", "the smallest normal single"),
        ("double-below-singles", "fb3690000000000000", "7.006492321624085e-46", "2^-150, half the smallest single"),
        ("double-between-single-subnormals", "fb380fffffe0000000", "1.1754942807573643e-38",
         "one bit more than a single-precision subnormal has"),
        ("double-24-bits", "fb3ff0000010000000", "1.0000000596046448", "1 + 2^-24, one bit more than a single has"),
        ("double-above-singles", "fb47f0000000000000", "3.402823669209385e+38", "2^128, beyond the singles"),
        ("double-next-to-largest-single", "fb47efffffe0000001", "3.402823466385289e+38",
         "the double that follows the largest single"),
        ("double-smallest-subnormal", "fb0000000000000001", "5.0e-324", "the smallest double"),
        ("double-largest", "fb7fefffffffffffff", "1.7976931348623157e+308", "the largest double"),
    ]:
        vectors.accept(f"float-{name}", text, diagnostic, description)
    for name, text, description in [
        ("single-zero", "fa00000000", "0 in a single"),
        ("single-minus-zero", "fa80000000", "-0 in a single"),
        ("single-one", "fa3f800000", "1 in a single"),
        ("single-11-bits-that-fit", "fa3f802000", "1 + 2^-10 in a single: the last bit of a half"),
        ("single-smallest-half", "fa33800000", "2^-24 in a single: the smallest half"),
        ("single-half-subnormal", "fa34400000", "3 · 2^-24 in a single: a half-precision subnormal"),
        ("single-largest-half-subnormal", "fa387fc000", "1023 · 2^-24 in a single: a half-precision subnormal"),
        ("single-smallest-normal-half", "fa38800000", "2^-14 in a single: the smallest normal half"),
        ("single-largest-half", "fa477fe000", "65504 in a single"),
        ("double-zero", "fb0000000000000000", "0 in a double"),
        ("double-minus-zero", "fb8000000000000000", "-0 in a double"),
        ("double-one", "fb3ff0000000000000", "1 in a double: a half would do"),
        ("double-half-subnormal", "fb3e70000000000000", "2^-24 in a double: a half would do"),
        ("double-100000", "fb40f86a0000000000", "100000 in a double: a single would do"),
        ("double-24-bits-that-fit", "fb3ff0000020000000", "1 + 2^-23 in a double: the last bit of a single"),
        ("double-smallest-single", "fb36a0000000000000", "2^-149 in a double: the smallest single"),
        ("double-largest-single-subnormal", "fb380fffffc0000000", "a single-precision subnormal in a double"),
        ("double-largest-single", "fb47efffffe0000000", "the largest single in a double"),
        ("nan-half-signalling", "f97c01", "a signalling NaN"),
        ("nan-half-payload", "f97e01", "a NaN with a payload"),
        ("nan-half-all-ones", "f97fff", "a NaN with every payload bit"),
        ("nan-half-negative", "f9fe00", "a NaN with a sign"),
        ("nan-single-payload", "fa7fc00001", "a NaN with a payload that only a single holds"),
        ("nan-single-signalling", "fa7f800001", "a signalling NaN in a single"),
        ("nan-double-payload", "fb7ff8000000000001", "a NaN with a payload that only a double holds"),
        ("nan-double-negative", "fbfff8000000000000", "a NaN with a sign in a double"),
    ]:
        vectors.refuse(f"float-{name}", text, "non-shortest-float", 0, description)
    vectors.refuse("float-inside", "a16161fa3f800000", "non-shortest-float", 3, "1 in a single, as a value in a map")


def indefinite(vectors):
    """Indefinite lengths, and breaks outside of them."""
    for name, text, offset, description in [
        ("bytes-empty", "5fff", 0, "a byte string without chunks"),
        ("text-empty", "7fff", 0, "text without chunks"),
        ("map-empty", "bfff", 0, "an empty map"),
        ("bytes-open", "5f", 0, "a byte string of indefinite length that does not end"),
        ("array-open", "9f", 0, "an array of indefinite length that does not end"),
        ("in-tag", "c19fff", 1, "an array of indefinite length in a tag"),
        ("in-map", "a161615f4101ff", 3, "a byte string of indefinite length in a map"),
        ("break", "ff", 0, "a break by itself"),
        ("break-in-array", "8201ff", 2, "a break in an array of two"),
        ("break-as-value", "a100ff", 2, "a break where a value belongs"),
        ("break-in-tag", "c1ff", 1, "a break in a tag"),
    ]:
        vectors.refuse(f"indefinite-{name}", text, "indefinite-length", offset, description)
    for initial, name in ((0x1f, "uint"), (0x3f, "negative"), (0xdf, "tag")):
        vectors.refuse(f"malformed-{name}-31", f"{initial:02x}00", "malformed", 0,
                       f"initial byte {initial:02x}: additional information 31 has no meaning in this major type")


def simple(vectors):
    """Simple values other than false, true and null, and initial bytes without a meaning."""
    for value in (0, 1, 18, 19):
        vectors.refuse(f"simple-{value}", f"{0xe0 | value:02x}", "unsupported-simple", 0, f"simple({value})")
    for value in (0, 19, 20, 21, 22, 23, 24, 31, 32, 254):
        vectors.refuse(f"simple-two-bytes-{value}", f"f8{value:02x}", "unsupported-simple", 0,
                       f"simple({value}) in the two-byte form"
                       + (", which RFC 8949 does not allow below 32" if value < 32 else ""))
    vectors.refuse("simple-inside", "8300f700", "unsupported-simple", 2, "undefined in an array")
    for major in range(8):
        for info in (28, 29, 30):
            vectors.refuse(f"malformed-{major}-{info}", f"{major << 5 | info:02x}" + "00" * 8, "malformed", 0,
                           f"major type {major} with the reserved additional information {info}")
    vectors.refuse("malformed-inside", "82001c", "malformed", 2, "a reserved initial byte in an array")


def utf8(vectors):
    """Text that is UTF-8, to the last code point, and text that is not."""
    for name, text, description in [
        ("nul", "00", "U+0000"), ("7f", "7f", "U+007F"), ("80", "c280", "U+0080"), ("7ff", "dfbf", "U+07FF"),
        ("800", "e0a080", "U+0800"), ("d7ff", "ed9fbf", "U+D7FF"), ("e000", "ee8080", "U+E000"),
        ("bom", "efbbbf61", "a byte order mark, which is part of the text, and a letter"),
        ("ffff", "efbfbf", "U+FFFF, not a character but a code point"), ("10000", "f0908080", "U+10000"),
        ("10ffff", "f48fbfbf", "U+10FFFF"), ("combining", "65cc81", "e and U+0301, not composed"),
        ("crlf", "0d0a", "a carriage return and a line feed"),
    ]:
        vectors.accept(f"utf8-{name}", f"{0x60 + len(text) // 2:02x}" + text, None, "text: " + description)
    for name, text, description in [
        ("overlong-2", "c080", "U+0000 in two bytes"), ("overlong-2-last", "c1bf", "U+007F in two bytes"),
        ("overlong-3", "e08080", "U+0000 in three bytes"), ("overlong-3-last", "e09fbf", "U+07FF in three bytes"),
        ("overlong-4", "f0808080", "U+0000 in four bytes"), ("overlong-4-last", "f08fbfbf", "U+FFFF in four bytes"),
        ("surrogate-first", "eda080", "the surrogate U+D800"), ("surrogate-last", "edbfbf", "the surrogate U+DFFF"),
        ("surrogate-pair", "eda0bdedb880", "U+1F600 as two surrogates of three bytes each"),
        ("above-10ffff", "f4908080", "U+110000"), ("f5", "f5808080", "a byte that begins nothing, f5"),
        ("five-bytes", "f888808080", "a sequence of five bytes"), ("fe", "fe", "a byte that begins nothing, fe"),
        ("ff", "ff", "a byte that begins nothing, ff"), ("continuation", "80", "a continuation byte by itself"),
        ("continuation-after-letter", "61bf", "a continuation byte behind a letter"),
        ("truncated-2", "c3", "the first of two bytes"), ("truncated-3", "e282", "two of three bytes"),
        ("truncated-4", "f09f98", "three of four bytes"), ("interrupted", "c328", "a first byte and then a letter"),
        ("interrupted-3", "e228a1", "a sequence of three with a letter in it"),
        ("latin-1", "e9", "é in Latin-1"),
    ]:
        vectors.refuse(f"utf8-{name}", f"{0x60 + len(text) // 2:02x}" + text, "invalid-utf8", 0, "text: " + description)
    vectors.refuse("utf8-split-between-texts", "8261c361a9", "invalid-utf8", 1,
                   "é cut in two, one byte in each of two texts")
    vectors.refuse("utf8-in-key", "a162c08000", "invalid-utf8", 1, "a map key that is not UTF-8")


def keys(vectors):
    """Map keys: their kinds, their order, and what makes two of them the same."""
    for name, text, diagnostic, description in [
        ("uint-widths", "a500001700181800190100001a0001000000", "{0: 0, 23: 0, 24: 0, 256: 0, 65536: 0}",
         "unsigned keys of growing width"),
        ("uint-extremes", "a200001bffffffffffffffff00", "{0: 0, 18446744073709551615: 0}", "the first and last key"),
        ("text-shorter-first", "a261620062616100", '{"b": 0, "aa": 0}',
         "the shorter text first: its length is part of the encoding"),
        ("text-empty", "a26000616100", '{"": 0, "a": 0}', "an empty key"),
        ("text-case", "a2614100616100", '{"A": 0, "a": 0}', "keys that differ in case"),
        ("kinds-by-map", "a100a1616100", '{0: {"a": 0}}', "unsigned keys outside, text keys inside"),
        ("nfc-and-nfd", "a262c3a9006365cc8100", '{"\\u00e9": 0, "e\\u0301": 0}',
         "é composed and decomposed: canonically equivalent, but different bytes and therefore different keys"),
        ("kelvin", "a2614b0063e284aa00", '{"K": 0, "\\u212a": 0}',
         "K and the kelvin sign: canonically equivalent, but different keys"),
        ("angstrom", "a362c385006341cc8a0063e284ab00", '{"\\u00c5": 0, "A\\u030a": 0, "\\u212b": 0}',
         "three ways to write Å, two of them of the same length: three keys"),
        ("combining-order", "a26561cc81cca3006561cca3cc8100",
         '{"a\\u0301\\u0323": 0, "a\\u0323\\u0301": 0}',
         "the same two marks in both orders: canonically equivalent, but different keys"),
    ]:
        vectors.accept(f"key-{name}", text, diagnostic, description)
    for name, text, code, offset, description in [
        ("negative", "a12000", "unsupported-key", 1, "a negative key"),
        ("bytes", "a1416100", "unsupported-key", 1, "a byte string as a key"),
        ("array", "a18000", "unsupported-key", 1, "an array as a key"),
        ("map", "a1a000", "unsupported-key", 1, "a map as a key"),
        ("tag", "a1c10000", "unsupported-key", 1, "a tag as a key"),
        ("bignum", "a1c24901000000000000000000", "unsupported-key", 1, "a bignum as a key"),
        ("false", "a1f400", "unsupported-key", 1, "false as a key"),
        ("null", "a1f600", "unsupported-key", 1, "null as a key"),
        ("float", "a1f93c0000", "unsupported-key", 1, "a float as a key"),
        ("mixed-uint-first", "a20000616100", "unsupported-key", 3, "an unsigned key, then a text key"),
        ("mixed-text-first", "a26161000000", "unsupported-key", 4, "a text key, then an unsigned key"),
        ("mixed-negative", "a200002000", "unsupported-key", 3, "an unsigned key, then a negative one"),
        ("uint-unsorted", "a201000000", "unsorted-keys", 3, "1 before 0"),
        ("uint-unsorted-width", "a21818001700", "unsorted-keys", 4, "24 before 23"),
        ("text-unsorted", "a2616200616100", "unsorted-keys", 4, "b before a"),
        ("text-unsorted-length", "a262616100616200", "unsorted-keys", 5,
         "aa before b: in order by text alone, but not by encoding"),
        ("nfd-before-nfc", "a26365cc810062c3a900", "unsorted-keys", 6,
         "é decomposed before composed: not the order of the bytes"),
        ("uint-duplicate", "a200000000", "duplicate-key", 3, "0 twice"),
        ("uint-duplicate-wide", "a219010000190100f6", "duplicate-key", 5, "256 twice"),
        ("text-duplicate", "a2616100616100", "duplicate-key", 4, "a twice"),
        ("text-duplicate-empty", "a260006000", "duplicate-key", 3, "the empty key twice"),
        ("duplicate-not-adjacent", "a3000001000000", "unsorted-keys", 5,
         "0, 1 and 0 again: the order breaks before the repetition is seen"),
        ("non-shortest", "a1180000", "non-shortest-head", 1, "a key in two bytes that fits one"),
        ("in-inner-map", "82f6a201000000", "unsorted-keys", 5, "unsorted keys in a map in an array"),
    ]:
        vectors.refuse(f"key-{name}", text, code, offset, description)


def depth(vectors):
    """Nesting, up to 16 and beyond."""
    for name, unit, what in (("arrays", "81", "arrays"), ("maps", "a100", "maps"), ("tags", "c1", "tags")):
        vectors.accept(f"depth-16-{name}", unit * 16 + "00", None, f"16 {what} around an integer")
        vectors.refuse(f"depth-17-{name}", unit * 17 + "00", "too-deep", 16 * len(unit) // 2,
                       f"17 {what} around an integer")
    vectors.accept("depth-16-mixed", "81a100c1" * 5 + "81" + "60", None, "16 arrays, maps and tags around text")
    vectors.refuse("depth-17-mixed", "81a100c1" * 5 + "81" + "c1" + "60", "too-deep", 21,
                   "17 arrays, maps and tags around an empty text")
    vectors.accept("depth-16-empty-array", "81" * 15 + "80", None, "16 arrays, the innermost empty")
    vectors.refuse("depth-17-empty-array", "81" * 16 + "80", "too-deep", 16, "17 arrays, the innermost empty")
    vectors.refuse("depth-17-empty-map", "81" * 16 + "a0", "too-deep", 16, "16 arrays around an empty map")
    vectors.accept("depth-16-bignum", "81" * 15 + "c249010000000000000000", None, "15 arrays around a bignum's tag")
    vectors.refuse("depth-17-bignum", "81" * 16 + "c249010000000000000000", "too-deep", 16,
                   "16 arrays around a bignum's tag")
    vectors.accept("depth-side-by-side", "82" + "81" * 15 + "00" + "81" * 15 + "00", None,
                   "16 arrays around an integer, twice side by side")
    vectors.accept("depth-in-bytes", "81" * 16 + "5818" + "81" * 23 + "00", None,
                   "what a byte string holds is not nested in what holds the byte string")
    vectors.refuse("depth-bomb-arrays", "81" * 1000, "too-deep", 16, "1000 arrays, and no end")
    vectors.refuse("depth-bomb-maps", "a100" * 1000, "too-deep", 32, "1000 maps, and no end")
    vectors.refuse("depth-bomb-tags", "c6" * 1000, "too-deep", 16, "1000 tags, and no end")


def sizes(vectors):
    """Lengths and counts beyond what is there."""
    for initial, kind in ((0x5b, "bytes"), (0x7b, "text"), (0x9b, "array"), (0xbb, "map")):
        for name, argument in (("2-32", 2**32), ("2-62", 2**62), ("2-63-minus-1", 2**63 - 1), ("2-63", 2**63),
                               ("2-64-minus-1", 2**64 - 1)):
            vectors.refuse(f"huge-{kind}-{name}", f"{initial:02x}{argument:016x}00010203", "needs-more-bytes", 0,
                           f"{kind} of {argument}, and four bytes")
    for initial, kind in ((0x5a, "bytes"), (0x7a, "text"), (0x9a, "array"), (0xba, "map")):
        vectors.refuse(f"huge-{kind}-2-32-minus-1", f"{initial:02x}ffffffff", "needs-more-bytes", 0,
                       f"{kind} of {2**32 - 1}, and nothing")
    vectors.refuse("huge-inside", "82005bffffffffffffffff", "needs-more-bytes", 2, "a huge byte string in an array")
    for name, text, offset, description in [
        ("nothing", "", 0, "no bytes at all"), ("uint-8", "18", 0, "an integer's head without its argument"),
        ("uint-16", "1901", 0, "half an argument"), ("uint-32", "1a010203", 0, "three of four argument bytes"),
        ("uint-64", "1b01020304050607", 0, "seven of eight argument bytes"),
        ("negative-8", "38", 0, "a negative integer's head without its argument"),
        ("half", "f97c", 0, "half a half"), ("single", "fa3f8010", 0, "three of a single's four bytes"),
        ("double", "fb3ff19999999999", 0, "six of a double's eight bytes"),
        ("bytes", "4201", 0, "one of two bytes"), ("bytes-none", "41", 0, "none of one byte"),
        ("bytes-length", "59", 0, "a byte string without its length"),
        ("bytes-long", "5818" + "00" * 23, 0, "23 of 24 bytes"), ("text", "6261", 0, "one of two bytes of text"),
        ("array-none", "81", 0, "an array of one without it"), ("array", "8200", 0, "one of two items"),
        ("array-second-missing", "828100", 3, "an array of two whose first item takes all the bytes"),
        ("array-inner", "83008200", 2, "the inner array needs two bytes and has one"),
        ("map-none", "a1", 0, "a map of one pair without it"), ("map-key-only", "a100", 0, "a key without a value"),
        ("map-three-of-four", "a2000001", 0, "a map of two pairs with three items"),
        ("map-value-missing", "a1190100", 4, "a key of three bytes, and no value"),
        ("map-text-value-missing", "a16161", 3, "a text key, and no value"),
        ("map-value", "a10081", 2, "a map whose value is an array that has not come"),
        ("tag", "c1", 1, "a tag without content"), ("tag-number", "d9", 0, "a tag without its number"),
        ("tag-wide", "d818", 2, "a tag with a number of one byte, without content"),
        ("bignum", "c2490100", 1, "a bignum whose byte string ends early"),
    ]:
        vectors.refuse(f"truncated-{name}", text, "needs-more-bytes", offset, description)
    for name, text, offset, description in [
        ("integer", "0000", 1, "two integers"), ("break", "f6ff", 1, "a break behind null"),
        ("array", "8000", 1, "an integer behind an empty array"), ("text", "616100", 2, "a zero byte behind text"),
        ("half-an-item", "0018", 1, "half an item behind an item"),
        ("map", "a1000000", 3, "a byte behind a map"),
    ]:
        vectors.refuse(f"trailing-{name}", text, "trailing-bytes", offset, description)


def bignums(vectors):
    """Bignums that integers cannot replace, and bignums that should not be."""
    for name, text, description in [
        ("largest-of-nine", "c249ffffffffffffffffff", "the largest of nine bytes"),
        ("negative-nine", "c349ffffffffffffffffff", "the lowest of nine bytes"),
        ("sixteen", "c25080000000000000000000000000000000", "2^127"),
        ("inner-zeros", "c24a01000000000000000000", "2^72: zeros behind the first byte"),
        ("in-map", "a16161c249010000000000000000", "as a value in a map"),
    ]:
        vectors.accept(f"bignum-{name}", text, None, "a bignum: " + description)
    for name, text, offset, description in [
        ("empty", "c240", 0, "an empty byte string"), ("one", "c24101", 0, "1"), ("zero", "c24100", 0, "0 in a byte"),
        ("negative-one", "c34100", 0, "-1"), ("eight", "c248ffffffffffffffff", 0, "2^64 - 1, which an integer holds"),
        ("negative-eight", "c348ffffffffffffffff", 0, "-2^64, which an integer holds"),
        ("zero-first", "c249000102030405060708", 0, "nine bytes that begin with zero"),
        ("zero-before-nine", "c24a00010000000000000000", 0, "a zero byte before nine others"),
        ("negative-zero-before-nine", "c34a00010000000000000000", 0, "a negative with a zero byte before nine others"),
        ("text", "c269313233343536373839", 0, "text instead of bytes"),
        ("integer", "c200", 0, "an integer instead of bytes"), ("array", "c280", 0, "an array instead of bytes"),
        ("map", "c2a0", 0, "a map instead of bytes"), ("null", "c3f6", 0, "null instead of bytes"),
        ("tagged", "c2c249010000000000000000", 0, "a bignum in a bignum's tag"),
        ("inside", "8200c24101", 2, "1, in an array"),
    ]:
        vectors.refuse(f"bignum-{name}", text, "non-shortest-bignum", offset, "a bignum: " + description)
    vectors.refuse("bignum-wide-tag", "d80249010000000000000000", "non-shortest-head", 0, "tag 2 in two bytes")
    vectors.refuse("bignum-wide-length", "c25809010000000000000000", "non-shortest-head", 1,
                   "a bignum's length in two bytes")


def all_vectors():
    """Every vector by name."""
    vectors = Vectors()
    for group in (rfc_accepted, rfc_refused, integers, lengths, floats, indefinite, simple, utf8, keys, depth, sizes,
                  bignums):
        group(vectors)
    return vectors
