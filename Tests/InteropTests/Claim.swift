import AttestationChain
import Testing

/// What a reader says of a chain, in one form for both.
struct Claim {
    struct Place: Equatable {
        let index: Int
        let offset: Int
    }

    struct Warning: Decodable, Hashable {
        let rule: String
        let index: Int?
    }

    let verdict: String
    let records: Int
    let headHash: String?
    let chainID: String?
    /// Of the first record that breaks a rule.
    let place: Place?
    /// The rules that are broken there, or by the chain as a whole.
    let rules: Set<String>
    /// Up to there: behind the first bad record Swift goes on, and Python does not.
    let warnings: Set<Warning>

    init(_ report: PythonReader.Report) {
        verdict = report.verdict
        records = report.records
        headHash = report.headHash
        chainID = report.chainID
        let errors = report.findings.filter { $0.severity == "error" }
        place = errors.first.flatMap { Self.place($0.index, $0.offset) }
        rules = Set(errors.map(\.rule))
        warnings = Set(
            report.findings.filter { $0.severity == "warning" }.map { Warning(rule: $0.rule, index: $0.index) })
    }

    init(_ verdict: Verdict) {
        self.verdict = verdict.outcome.rawValue
        records = verdict.recordCount
        headHash = verdict.headHash?.description
        chainID = verdict.chainID?.description
        let errors = verdict.findings.filter { $0.severity == .error }
        place = errors.first.flatMap { Self.place($0.index, $0.offset) }
        rules = Set(errors.filter { $0.index == errors.first?.index }.map(\.rule.rawValue))
        let reach = place?.index ?? .max
        warnings = Set(
            verdict.findings.filter { $0.severity == .warning && ($0.index ?? 0) <= reach }
                .map { Warning(rule: $0.rule.rawValue, index: $0.index) })
    }

    private static func place(_ index: Int?, _ offset: Int?) -> Place? {
        guard let index, let offset else { return nil }
        return Place(index: index, offset: offset)
    }
}

/// Both say the same of a chain. A record may break several rules, of which each names at least one.
func expectAgreement(_ one: Claim, _ other: Claim, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(one.verdict == other.verdict, sourceLocation: sourceLocation)
    #expect(one.records == other.records, sourceLocation: sourceLocation)
    #expect(one.headHash == other.headHash, sourceLocation: sourceLocation)
    #expect(one.chainID == other.chainID, sourceLocation: sourceLocation)
    #expect(one.place == other.place, sourceLocation: sourceLocation)
    #expect(one.rules.isEmpty == other.rules.isEmpty, sourceLocation: sourceLocation)
}
