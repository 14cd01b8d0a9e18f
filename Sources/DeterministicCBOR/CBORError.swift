/// Why bytes are not one deterministically encoded CBOR item, or why a value cannot be encoded as one.
public struct CBORError: Error, Hashable, Sendable {
    /// The rule of RFC 8949 section 4.2.1, or of this project's narrower profile, that does not hold.
    public enum Code: String, Sendable {
        /// The bytes stop inside an item. The only code that more bytes could mend.
        case needsMoreBytes = "needs-more-bytes"
        /// Not CBOR at all: a reserved additional-information value.
        case malformed
        /// An integer, length, count or tag number in more bytes than it needs.
        case nonShortestHead = "non-shortest-head"
        /// A float in more bytes than its value needs, or a NaN other than `F9 7E 00`.
        case nonShortestFloat = "non-shortest-float"
        /// A bignum (tag 2 or 3) that is not a byte string, fits 64 bits, or has a leading zero byte.
        case nonShortestBignum = "non-shortest-bignum"
        /// An indefinite-length item, or a break outside of one.
        case indefiniteLength = "indefinite-length"
        /// `undefined` or a simple value other than false, true and null.
        case unsupportedSimple = "unsupported-simple"
        /// Text that is not UTF-8.
        case invalidUTF8 = "invalid-utf8"
        /// A map key that is neither text nor an unsigned integer, or both kinds in one map.
        case unsupportedKey = "unsupported-key"
        /// Map keys that do not ascend bytewise.
        case unsortedKeys = "unsorted-keys"
        /// The same map key twice.
        case duplicateKey = "duplicate-key"
        /// More than ``CBORLimits/maximumDepth`` arrays, maps and tags inside one another.
        case tooDeep = "too-deep"
        /// Bytes behind the item.
        case trailingBytes = "trailing-bytes"
    }

    public let code: Code
    /// Where in the bytes the item begins that breaks the rule; 0 when encoding.
    public let offset: Int

    public init(_ code: Code, at offset: Int) {
        self.code = code
        self.offset = offset
    }
}

extension CBORError: CustomStringConvertible {
    public var description: String {
        let text =
            switch code {
            case .needsMoreBytes: "the bytes end inside an item"
            case .malformed: "not well-formed CBOR"
            case .nonShortestHead: "an integer or length is not in its shortest form"
            case .nonShortestFloat: "a float is not in its shortest form"
            case .nonShortestBignum: "a bignum is not in its shortest form"
            case .indefiniteLength: "an item of indefinite length"
            case .unsupportedSimple: "a simple value other than false, true and null"
            case .invalidUTF8: "text is not valid UTF-8"
            case .unsupportedKey: "map keys must be all text or all unsigned integers"
            case .unsortedKeys: "map keys are not in bytewise order"
            case .duplicateKey: "a map key occurs twice"
            case .tooDeep: "nested deeper than \(CBORLimits.maximumDepth)"
            case .trailingBytes: "bytes follow the item"
            }
        return "\(text) (at byte \(offset))"
    }
}

/// Limits that hold for every item this project reads or writes.
public enum CBORLimits {
    /// How many arrays, maps and tags may enclose one another, the outermost included.
    public static let maximumDepth = 16
}
