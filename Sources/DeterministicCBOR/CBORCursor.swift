internal import CCBOR

/// One item's head, and where it stands.
package struct CBORItem {
    package enum Kind: Sendable {
        case unsigned, negative, bytes, text, array, map, tag, bool, null, float
    }

    package let kind: Kind
    /// The integer (n of −1 − n for a negative one), string length in bytes, element or pair count, tag number, or 0 / 1.
    package let value: UInt64
    /// The value of a float.
    package let number: Double
    /// Offset of the head.
    package let start: Int
    /// Offset behind the head, and behind the content of a string.
    package let end: Int

    /// Where the content of a string stands.
    package var content: Range<Int> { (end - Int(value))..<end }

    /// Whether this is exactly a text, compared byte by byte.
    package func isText(_ text: [UInt8], in bytes: Span<UInt8>) -> Bool {
        guard kind == .text, content.count == text.count else { return false }
        for index in text.indices where bytes[content.lowerBound + index] != text[index] { return false }
        return true
    }
}

/// Walks deterministic CBOR in place, allocating nothing. Every rule of the encoding is checked here and nowhere else.
///
/// The bytes are passed to each call, so that the cursor is a plain value and the bytes may stand anywhere.
package struct CBORCursor: Sendable {
    /// Offset of the next item.
    package var offset: Int

    package init(at offset: Int = 0) {
        self.offset = offset
    }

    /// Reads one head: of a scalar or string the whole item, of an array, map or tag what stands before its content.
    ///
    /// A count that could not fit the bytes that remain is ``CBORError/Code/needsMoreBytes``, so a caller may trust it for
    /// reserving memory.
    @inline(__always)
    package mutating func next(in bytes: Span<UInt8>) throws(CBORError) -> CBORItem {
        let start = offset
        let remaining = bytes.count - start
        let raw = unsafe bytes.withUnsafeBufferPointer { buffer in
            if let base = buffer.baseAddress {
                unsafe chain_cbor_next(base + start, remaining)
            } else {
                chain_cbor_item()
            }
        }
        let headSize = 1 + Self.argumentSize(raw.value)
        let kind: CBORItem.Kind
        switch chain_cbor_kind(raw.kind) {
        case CHAIN_CBOR_UNSIGNED, CHAIN_CBOR_NEGATIVE, CHAIN_CBOR_TAG:
            guard raw.read == headSize else { throw CBORError(.nonShortestHead, at: start) }
            kind =
                switch chain_cbor_kind(raw.kind) {
                case CHAIN_CBOR_UNSIGNED: .unsigned
                case CHAIN_CBOR_NEGATIVE: .negative
                default: .tag
                }
        case CHAIN_CBOR_BYTES, CHAIN_CBOR_TEXT:
            // libcbor has claimed the content, so the length fits the bytes that remain.
            guard raw.read - Int(raw.value) == headSize else { throw CBORError(.nonShortestHead, at: start) }
            if chain_cbor_kind(raw.kind) == CHAIN_CBOR_TEXT {
                let text = bytes.extracting((start + headSize)..<(start + raw.read))
                guard Self.isUTF8(text) else { throw CBORError(.invalidUTF8, at: start) }
                kind = .text
            } else {
                kind = .bytes
            }
        case CHAIN_CBOR_ARRAY, CHAIN_CBOR_MAP:
            guard raw.read == headSize else { throw CBORError(.nonShortestHead, at: start) }
            let isMap = chain_cbor_kind(raw.kind) == CHAIN_CBOR_MAP
            let room = UInt64(remaining - headSize)
            guard raw.value <= (isMap ? room / 2 : room) else { throw CBORError(.needsMoreBytes, at: start) }
            kind = isMap ? .map : .array
        case CHAIN_CBOR_BOOL: kind = .bool
        case CHAIN_CBOR_NULL: kind = .null
        case CHAIN_CBOR_FLOAT:
            let expected = CBORFloat.encodedSize(raw.number)
            guard raw.read == expected else { throw CBORError(.nonShortestFloat, at: start) }
            if raw.number.isNaN, bytes[start + 1] != 0x7E || bytes[start + 2] != 0 {
                throw CBORError(.nonShortestFloat, at: start)
            }
            kind = .float
        case CHAIN_CBOR_NEEDS_MORE:
            // libcbor wants a string whole; a head that is there and too long is wrong whatever follows.
            throw CBORError(Self.hasLongHead(bytes, at: start) ? .nonShortestHead : .needsMoreBytes, at: start)
        case CHAIN_CBOR_INDEFINITE, CHAIN_CBOR_BREAK: throw CBORError(.indefiniteLength, at: start)
        case CHAIN_CBOR_UNDEFINED: throw CBORError(.unsupportedSimple, at: start)
        default:
            // libcbor calls simple values that it has no callback for malformed; say what they are.
            let isSimple = bytes[start] >> 5 == 7 && bytes[start] & 0x1F <= 24
            throw CBORError(isSimple ? .unsupportedSimple : .malformed, at: start)
        }
        offset = start + raw.read
        return CBORItem(kind: kind, value: raw.value, number: raw.number, start: start, end: offset)
    }

    /// Walks over one whole item, checking everything inside it.
    ///
    /// - Parameter depth: how many arrays, maps and tags enclose the item.
    package mutating func skip(in bytes: Span<UInt8>, depth: Int = 0) throws(CBORError) {
        let item = try next(in: bytes)
        try skipContent(of: item, in: bytes, depth: depth)
    }

    /// Walks over what an array, map or tag contains whose head was just read; returns at once for other items.
    ///
    /// - Parameter depth: how many arrays, maps and tags enclose `item`.
    package mutating func skipContent(
        of item: CBORItem, in bytes: Span<UInt8>, depth: Int
    ) throws(CBORError) {
        switch item.kind {
        case .unsigned, .negative, .bytes, .text, .bool, .null, .float: return
        case .array:
            try Self.checkDepth(depth, at: item.start)
            for _ in 0..<item.value { try skip(in: bytes, depth: depth + 1) }
        case .map:
            try Self.checkDepth(depth, at: item.start)
            var order = CBORKeyOrder()
            for _ in 0..<item.value {
                let key = try next(in: bytes)
                try order.accept(key, in: bytes)
                try skip(in: bytes, depth: depth + 1)
            }
        case .tag:
            try Self.checkDepth(depth, at: item.start)
            try checkBignum(item, in: bytes)
            try skip(in: bytes, depth: depth + 1)
        }
    }

    /// An item with `depth` arrays, maps and tags around it may itself be one.
    static func checkDepth(_ depth: Int, at offset: Int) throws(CBORError) {
        guard depth < CBORLimits.maximumDepth else { throw CBORError(.tooDeep, at: offset) }
    }

    /// RFC 8949 section 3.4.3: an integer that fits 64 bits is never a bignum, and a bignum has no leading zero.
    func checkBignum(_ tag: CBORItem, in bytes: Span<UInt8>) throws(CBORError) {
        guard tag.value == 2 || tag.value == 3 else { return }
        var ahead = self
        let content = try ahead.next(in: bytes)
        guard content.kind == .bytes, content.value > 8, bytes[content.content.lowerBound] != 0 else {
            throw CBORError(.nonShortestBignum, at: tag.start)
        }
    }

    /// How many bytes behind the initial byte the shortest form of `value` takes: 0, 1, 2, 4 or 8.
    @inline(__always)
    static func argumentSize(_ value: UInt64) -> Int {
        switch value {
        case 0..<24: 0
        case 24...0xFF: 1
        case 0x100...0xFFFF: 2
        case 0x1_0000...0xFFFF_FFFF: 4
        default: 8
        }
    }

    /// Whether a string's head is there and not in its shortest form.
    private static func hasLongHead(_ bytes: Span<UInt8>, at start: Int) -> Bool {
        guard start < bytes.count, bytes[start] >> 5 == 2 || bytes[start] >> 5 == 3 else { return false }
        let information = bytes[start] & 0x1F
        guard (24...27).contains(information) else { return false }
        let size = 1 << (information - 24)
        guard bytes.count - start > size else { return false }
        var value: UInt64 = 0
        for index in 1...Int(size) { value = value << 8 | UInt64(bytes[start + index]) }
        return argumentSize(value) < size
    }

    static func isUTF8(_ text: Span<UInt8>) -> Bool {
        var isASCII = true
        for index in text.indices where text[index] >= 0x80 {
            isASCII = false
            break
        }
        if isASCII { return true }
        do {
            _ = try UTF8Span(validating: text)
            return true
        } catch {
            return false
        }
    }
}

/// The rule for the keys of one map: all text or all unsigned integers, ascending bytewise, none twice.
package struct CBORKeyOrder {
    private var previous: Range<Int>?
    private var kind: CBORItem.Kind?

    package init() {}

    package mutating func accept(_ key: CBORItem, in bytes: Span<UInt8>) throws(CBORError) {
        guard key.kind == .text || key.kind == .unsigned, kind == nil || kind == key.kind else {
            throw CBORError(.unsupportedKey, at: key.start)
        }
        if let previous {
            switch Self.compare(previous, key.start..<key.end, in: bytes) {
            case ..<0: break
            case 0: throw CBORError(.duplicateKey, at: key.start)
            default: throw CBORError(.unsortedKeys, at: key.start)
            }
        }
        kind = key.kind
        previous = key.start..<key.end
    }

    /// Bytewise order of two encodings in the same bytes: negative, zero or positive.
    private static func compare(_ a: Range<Int>, _ b: Range<Int>, in bytes: Span<UInt8>) -> Int {
        for (i, j) in zip(a, b) where bytes[i] != bytes[j] {
            return bytes[i] < bytes[j] ? -1 : 1
        }
        return a.count - b.count
    }
}
