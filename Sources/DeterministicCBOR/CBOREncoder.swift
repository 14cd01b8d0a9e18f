internal import CCBOR

/// Writes deterministic CBOR through libcbor's encoding primitives.
///
/// The piecewise calls (``array(count:)``, ``map(count:)``) leave the order of keys to the caller; ``value(_:)`` sorts.
package struct CBOREncoder {
    package private(set) var bytes: [UInt8]

    package init(reserving capacity: Int = 0) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    package mutating func unsigned(_ value: UInt64) {
        unsafe head { unsafe cbor_encode_uint(value, $0, $1) }
    }

    /// The integer −1 − `value`.
    package mutating func negative(_ value: UInt64) {
        unsafe head { unsafe cbor_encode_negint(value, $0, $1) }
    }

    package mutating func integer(_ value: Int64) {
        if value < 0 { negative(UInt64(bitPattern: -1 - value)) } else { unsigned(UInt64(value)) }
    }

    // An array, not any collection: generic code is not specialized for callers in other modules.
    package mutating func bytes(_ content: [UInt8]) {
        unsafe head { unsafe cbor_encode_bytestring_start(content.count, $0, $1) }
        bytes.append(contentsOf: content)
    }

    package mutating func text(_ content: String) {
        unsafe head { unsafe cbor_encode_string_start(content.utf8.count, $0, $1) }
        bytes.append(contentsOf: content.utf8)
    }

    package mutating func array(count: Int) {
        unsafe head { unsafe cbor_encode_array_start(count, $0, $1) }
    }

    /// Begins a map of `count` pairs, whose keys the caller writes in ascending order.
    package mutating func map(count: Int) {
        unsafe head { unsafe cbor_encode_map_start(count, $0, $1) }
    }

    package mutating func tag(_ number: UInt64) {
        unsafe head { unsafe cbor_encode_tag(number, $0, $1) }
    }

    package mutating func bool(_ value: Bool) {
        unsafe head { unsafe cbor_encode_bool(value, $0, $1) }
    }

    package mutating func null() {
        unsafe head { unsafe cbor_encode_null($0, $1) }
    }

    package mutating func float(_ value: Double) {
        switch CBORFloat.encodedSize(value) {
        case 3 where value.isSubnormalHalf:
            // libcbor 0.8 loses bits of subnormal halves: they are a sign and a multiple of 2^-24.
            let pattern = UInt16(value.magnitude * 0x1p24) | (value.sign == .minus ? 0x8000 : 0)
            bytes.append(contentsOf: [0xF9, UInt8(pattern >> 8), UInt8(pattern & 0xFF)])
        case 3: unsafe head { unsafe cbor_encode_half(value.isNaN ? .nan : Float(value), $0, $1) }
        case 5: unsafe head { unsafe cbor_encode_single(Float(value), $0, $1) }
        default: unsafe head { unsafe cbor_encode_double(value, $0, $1) }
        }
    }

    /// Appends bytes that are already encoded.
    package mutating func encoded(_ item: [UInt8]) {
        bytes.append(contentsOf: item)
    }

    /// Writes a whole tree, its maps sorted.
    package mutating func value(_ value: CBORValue, depth: Int = 0) throws(CBORError) {
        switch value {
        case .unsigned(let number): unsigned(number)
        case .negative(let number): negative(number)
        case .bytes(let content): bytes(content)
        case .text(let content): text(content)
        case .bool(let flag): bool(flag)
        case .null: null()
        case .float(let number): float(number)
        case .array(let elements):
            try CBORCursor.checkDepth(depth, at: 0)
            array(count: elements.count)
            for element in elements { try self.value(element, depth: depth + 1) }
        case .map(let pairs):
            try CBORCursor.checkDepth(depth, at: 0)
            try map(pairs, depth: depth)
        case .tagged(let number, let content):
            try CBORCursor.checkDepth(depth, at: 0)
            if number == 2 || number == 3 {
                guard case .bytes(let magnitude) = content, magnitude.count > 8, magnitude.first != 0 else {
                    throw CBORError(.nonShortestBignum, at: 0)
                }
            }
            tag(number)
            try self.value(content, depth: depth + 1)
        }
    }

    private mutating func map(_ pairs: [(key: CBORValue, value: CBORValue)], depth: Int) throws(CBORError) {
        var encodedPairs: [(key: [UInt8], value: CBORValue)] = []
        encodedPairs.reserveCapacity(pairs.count)
        for pair in pairs { encodedPairs.append((key: try pair.key.encoded(), value: pair.value)) }
        encodedPairs.sort { $0.key.lexicographicallyPrecedes($1.key) }

        map(count: pairs.count)
        let start = bytes.count
        var keys: [Range<Int>] = []
        for pair in encodedPairs {
            keys.append(bytes.count..<(bytes.count + pair.key.count))
            encoded(pair.key)
            try value(pair.value, depth: depth + 1)
        }
        // The reader's own rule for keys decides about ours.
        var order = CBORKeyOrder()
        for key in keys {
            do {
                var cursor = CBORCursor(at: key.lowerBound)
                try order.accept(try cursor.next(in: bytes.span), in: bytes.span)
            } catch {
                throw CBORError(error.code, at: start)
            }
        }
    }

    /// Appends what one libcbor primitive writes: at most 9 bytes.
    @inline(__always)
    private mutating func head(_ encode: (UnsafeMutablePointer<UInt8>, Int) -> Int) {
        let room = 9
        unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: room) { buffer in
            guard let base = buffer.baseAddress else { preconditionFailure("an allocation of 9 bytes has an address") }
            let written = unsafe encode(base, room)
            precondition(written > 0, "libcbor writes any head into 9 bytes")
            unsafe bytes.append(contentsOf: UnsafeBufferPointer(rebasing: buffer[..<written]))
        }
    }
}
