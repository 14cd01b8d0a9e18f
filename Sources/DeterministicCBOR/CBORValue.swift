/// A CBOR item as a tree, in the profile that records use.
///
/// Maps are arrays of pairs, not dictionaries: Swift compares strings by canonical equivalence, under which two keys that
/// are different bytes can be equal.
public indirect enum CBORValue: Sendable {
    /// 0 … 2^64 − 1.
    case unsigned(UInt64)
    /// The integer −1 − n, so −1 … −2^64.
    case negative(UInt64)
    case bytes([UInt8])
    case text(String)
    case array([CBORValue])
    /// Pairs in any order; encoding sorts them.
    case map([(key: CBORValue, value: CBORValue)])
    case tagged(UInt64, CBORValue)
    case bool(Bool)
    case null
    case float(Double)

    /// Decodes bytes that are exactly one deterministically encoded item. O(bytes).
    public init(decoding bytes: [UInt8]) throws(CBORError) {
        self = try Self.decode(bytes.span)
    }

    package static func decode(_ bytes: Span<UInt8>) throws(CBORError) -> CBORValue {
        var cursor = CBORCursor()
        let value = try cursor.value(in: bytes, depth: 0)
        guard cursor.offset == bytes.count else { throw CBORError(.trailingBytes, at: cursor.offset) }
        return value
    }

    /// The deterministic encoding. O(n log n) in the number of map keys.
    ///
    /// - Throws: ``CBORError`` with ``CBORError/Code/duplicateKey``, ``CBORError/Code/unsupportedKey``,
    ///   ``CBORError/Code/tooDeep`` or ``CBORError/Code/nonShortestBignum``.
    public func encoded() throws(CBORError) -> [UInt8] {
        var encoder = CBOREncoder()
        try encoder.value(self)
        return encoder.bytes
    }

    /// The value under a text key of a map, compared byte by byte; nil for other items and missing keys.
    public subscript(key: String) -> CBORValue? {
        guard case .map(let pairs) = self else { return nil }
        for pair in pairs {
            if case .text(let text) = pair.key, text.utf8.elementsEqual(key.utf8) { return pair.value }
        }
        return nil
    }

    /// The integer, when it fits `Int64`.
    public var integer: Int64? {
        switch self {
        case .unsigned(let value): Int64(exactly: value)
        case .negative(let value): Int64(exactly: value).map { -1 - $0 }
        default: nil
        }
    }

    public var bytesValue: [UInt8]? {
        if case .bytes(let bytes) = self { bytes } else { nil }
    }

    public var textValue: String? {
        if case .text(let text) = self { text } else { nil }
    }

    public init(_ integer: Int64) {
        self = integer < 0 ? .negative(UInt64(bitPattern: -1 - integer)) : .unsigned(UInt64(integer))
    }
}

extension CBORValue: Equatable {
    /// Byte by byte: two values are equal when their encodings are, so texts that differ in normalization differ.
    public static func == (a: CBORValue, b: CBORValue) -> Bool {
        switch (a, b) {
        case (.unsigned(let x), .unsigned(let y)), (.negative(let x), .negative(let y)): x == y
        case (.bytes(let x), .bytes(let y)): x == y
        case (.text(let x), .text(let y)): x.utf8.elementsEqual(y.utf8)
        case (.array(let x), .array(let y)): x == y
        case (.map(let x), .map(let y)):
            x.count == y.count && zip(x, y).allSatisfy { $0.key == $1.key && $0.value == $1.value }
        case (.tagged(let i, let x), .tagged(let j, let y)): i == j && x == y
        case (.bool(let x), .bool(let y)): x == y
        case (.null, .null): true
        case (.float(let x), .float(let y)): (x.isNaN && y.isNaN) || x.bitPattern == y.bitPattern
        default: false
        }
    }
}

extension CBORValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByFloatLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    public init(stringLiteral value: String) { self = .text(value) }
    public init(integerLiteral value: Int64) { self.init(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(floatLiteral value: Double) { self = .float(value) }
    public init(arrayLiteral elements: CBORValue...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (CBORValue, CBORValue)...) {
        self = .map(elements.map { (key: $0.0, value: $0.1) })
    }
    public init(nilLiteral: ()) { self = .null }
}

extension CBORCursor {
    /// Reads one whole item into a tree.
    package mutating func value(in bytes: Span<UInt8>, depth: Int) throws(CBORError) -> CBORValue {
        let item = try next(in: bytes)
        switch item.kind {
        case .unsigned: return .unsigned(item.value)
        case .negative: return .negative(item.value)
        case .bytes: return .bytes(Self.copy(item.content, of: bytes))
        case .text: return .text(Self.string(item.content, of: bytes))
        case .bool: return .bool(item.value != 0)
        case .null: return .null
        case .float: return .float(item.number)
        case .array:
            try Self.checkDepth(depth, at: item.start)
            var elements: [CBORValue] = []
            for _ in 0..<item.value { elements.append(try value(in: bytes, depth: depth + 1)) }
            return .array(elements)
        case .map:
            try Self.checkDepth(depth, at: item.start)
            var order = CBORKeyOrder()
            var pairs: [(key: CBORValue, value: CBORValue)] = []
            for _ in 0..<item.value {
                var ahead = self
                try order.accept(try ahead.next(in: bytes), in: bytes)
                let key = try value(in: bytes, depth: depth + 1)
                pairs.append((key: key, value: try value(in: bytes, depth: depth + 1)))
            }
            return .map(pairs)
        case .tag:
            try Self.checkDepth(depth, at: item.start)
            try checkBignum(item, in: bytes)
            return .tagged(item.value, try value(in: bytes, depth: depth + 1))
        }
    }

    /// The bytes of a range, copied.
    package static func copy(_ range: Range<Int>, of bytes: Span<UInt8>) -> [UInt8] {
        unsafe bytes.extracting(range).withUnsafeBufferPointer { unsafe Array($0) }
    }

    /// The text of a range that ``next(in:)`` has found to be UTF-8.
    package static func string(_ range: Range<Int>, of bytes: Span<UInt8>) -> String {
        unsafe bytes.extracting(range).withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }
}
