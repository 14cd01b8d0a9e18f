/// What a check found, and where.
public struct Finding: Sendable, Hashable, CustomStringConvertible {
    /// The rule that does not hold. Raw values are stable: docs/format.md and `chainctl verify --json` use them.
    public enum Rule: String, Sendable {
        case frame, encoding, record, version, index, link, content, signature, signer
        case genesisKey = "genesis-key"
        case genesis
        case rotationKey = "rotation-key"
        case rotationReuse = "rotation-reuse"
        case rotationContent = "rotation-content"
        case rotationProof = "rotation-proof"
        case rotationLimit = "rotation-limit"
        case recordID = "record-id"
        case unknownType = "unknown-type"
        case empty, torn
        /// Chain id or first signer are not what the caller expects.
        case identity
        /// The chain is shorter than the expected head, or has another record there.
        case expectedHead = "expected-head"
        /// state.cbor says otherwise, or cannot be read.
        case state
        /// More findings than are kept.
        case more
    }

    public enum Severity: String, Sendable {
        case error, warning
    }

    public let rule: Rule
    public let severity: Severity
    /// Position of the record in the file, when the finding is about one.
    public let index: Int?
    /// Byte offset of the record's frame in chain.bin, when the finding is about a place.
    public let offset: Int?
    /// One sentence for people. It may contain text of the record: escape it for the place where it is shown.
    public let message: String

    package init(
        _ rule: Rule, severity: Severity = .error, index: Int? = nil, offset: Int? = nil, _ message: String
    ) {
        self.rule = rule
        self.severity = severity
        self.index = index
        self.offset = offset
        self.message = message
    }

    public var description: String {
        var place = ""
        if let index { place += " record \(index)" }
        if let offset { place += " offset \(offset)" }
        return "\(rule.rawValue)\(place.isEmpty ? "" : ",")\(place): \(message)"
    }
}
