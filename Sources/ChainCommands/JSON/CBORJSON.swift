package import AttestationChain

/// CBOR as JSON and back, without loss: what `export`, `log`, `show` and `append --jsonl` mean by `metadata`.
///
/// | CBOR | JSON |
/// |---|---|
/// | text, booleans, null, arrays, integers of 64 bits, floats with a fraction | themselves |
/// | maps whose keys are text | objects |
/// | other integers | `{"$int":"18446744073709551615"}` |
/// | floats without a fraction, NaN, infinities | `{"$float":"1.0"}`, `{"$float":"NaN"}`, `{"$float":"-Infinity"}` |
/// | byte strings | `{"$bytes":"00ff"}` |
/// | tags | `{"$tag":[0,"2013-03-21T20:04:00Z"]}` |
/// | other maps | `{"$map":[[1,"a"],[2,"b"]]}` |
///
/// Other maps are those with unsigned keys, with a key that begins with `$`, or with keys that only normalization tells
/// apart.
package enum CBORJSON {
    private static let bytesKey = "$bytes"
    private static let floatKey = "$float"
    private static let integerKey = "$int"
    private static let tagKey = "$tag"
    private static let mapKey = "$map"

    /// The JSON of a value. Maps keep their order in `$map`.
    package static func json(_ value: CBORValue) -> JSON {
        switch value {
        case .unsigned(let number):
            Int64(exactly: number).map { .integer($0) } ?? [integerKey: .string("\(number)")]
        case .negative(let number):
            Int64(exactly: number).map { .integer(-1 - $0) } ?? [integerKey: .string("\(-1 - Int128(number))")]
        case .bytes(let bytes): [bytesKey: .string(Hex.encode(bytes))]
        case .text(let text): .string(text)
        case .bool(let flag): .bool(flag)
        case .null: .null
        case .float(let number): json(number)
        case .array(let elements): .array(elements.map { json($0) })
        case .tagged(let number, let content): [tagKey: [json(.unsigned(number)), json(content)]]
        case .map(let pairs): json(pairs)
        }
    }

    private static func json(_ number: Double) -> JSON {
        if number.isNaN { return [floatKey: "NaN"] }
        if number.isInfinite { return [floatKey: number < 0 ? "-Infinity" : "Infinity"] }
        // 1.0 would come back as the integer 1.
        if number.rounded(.towardZero) == number { return [floatKey: .string(number.description)] }
        return .number(number)
    }

    private static func json(_ pairs: [(key: CBORValue, value: CBORValue)]) -> JSON {
        var members: [(key: String, value: JSON)] = []
        // Strings compare by canonical equivalence, in the encoder's dictionaries as in this set: what would merge
        // there is noticed here.
        var seen: Set<String> = []
        for pair in pairs {
            guard let key = pair.key.textValue, key.utf8.first != UInt8(ascii: "$"), seen.insert(key).inserted else {
                return [mapKey: .array(pairs.map { [json($0.key), json($0.value)] })]
            }
            members.append((key: key, value: json(pair.value)))
        }
        return .object(members)
    }

    /// The value that a JSON text stands for, `depth` arrays, maps and tags being around it.
    package static func cbor(_ json: JSON, depth: Int = 0) throws(JSONTextError) -> CBORValue {
        switch json {
        case .null: return .null
        case .bool(let flag): return .bool(flag)
        case .integer(let number): return CBORValue(number)
        case .number(let number):
            guard number.rounded(.towardZero) != number else {
                throw JSONTextError(reason: "a number beyond 64 bits; write {\"$int\":…} or {\"$float\":…}")
            }
            return .float(number)
        case .string(let text): return .text(text)
        case .array(let elements):
            try checkDepth(depth)
            var values: [CBORValue] = []
            for element in elements { values.append(try cbor(element, depth: depth + 1)) }
            return .array(values)
        case .object(let members):
            guard let special = members.first(where: { $0.key.utf8.first == UInt8(ascii: "$") }) else {
                try checkDepth(depth)
                var pairs: [(key: CBORValue, value: CBORValue)] = []
                for member in members {
                    pairs.append((key: .text(member.key), value: try cbor(member.value, depth: depth + 1)))
                }
                return .map(pairs)
            }
            guard members.count == 1 else {
                throw JSONTextError(reason: "\(special.key) stands beside other keys; write the map as {\"$map\":…}")
            }
            return try cbor(special.key, special.value, depth: depth)
        }
    }

    private static func cbor(_ key: String, _ value: JSON, depth: Int) throws(JSONTextError) -> CBORValue {
        switch (key, value) {
        case (bytesKey, .string(let digits)):
            if let bytes = Hex.decode(digits) { return .bytes(bytes) }
        case (integerKey, .string(let digits)):
            // A leading zero or plus would be a second spelling of the same number.
            if let number = Int128(digits), "\(number)" == digits {
                if let number = UInt64(exactly: number) { return .unsigned(number) }
                if number < 0, let number = UInt64(exactly: -1 - number) { return .negative(number) }
            }
        case (floatKey, .string(let text)):
            if let number = float(text) { return .float(number) }
        case (tagKey, .array(let pair)):
            guard pair.count == 2, case .unsigned(let number) = try cbor(pair[0], depth: depth) else { break }
            try checkDepth(depth)
            return .tagged(number, try cbor(pair[1], depth: depth + 1))
        case (mapKey, .array(let entries)):
            try checkDepth(depth)
            return .map(try pairs(entries, depth: depth))
        default: break
        }
        throw JSONTextError(
            reason: "\(key) is not one of $bytes, $int, $float, $tag and $map with a value that fits it")
    }

    private static func pairs(
        _ entries: [JSON], depth: Int
    ) throws(JSONTextError) -> [(key: CBORValue, value: CBORValue)] {
        var pairs: [(key: CBORValue, value: CBORValue)] = []
        for entry in entries {
            guard case .array(let pair) = entry, pair.count == 2 else {
                throw JSONTextError(reason: "$map holds [key, value] pairs")
            }
            pairs.append((key: try cbor(pair[0], depth: depth + 1), value: try cbor(pair[1], depth: depth + 1)))
        }
        return pairs
    }

    private static func float(_ text: String) -> Double? {
        switch text {
        case "NaN": return .nan
        case "Infinity": return .infinity
        case "-Infinity": return -.infinity
        default:
            // Double's own parser also knows hexadecimal and names.
            let isDecimal = text.utf8.allSatisfy { byte in
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "+-.eE".utf8.contains(byte)
            }
            guard isDecimal, let number = Double(text), number.isFinite else { return nil }
            return number
        }
    }

    private static func checkDepth(_ depth: Int) throws(JSONTextError) {
        guard depth < CBORLimits.maximumDepth else {
            throw JSONTextError(reason: "nested deeper than \(CBORLimits.maximumDepth)")
        }
    }
}
