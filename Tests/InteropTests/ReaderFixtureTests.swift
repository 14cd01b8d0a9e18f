import AttestationChain
import Foundation
import TestSupport
import Testing

/// Two implementations that share no code, over the same chains: every fixture's verdict is the one written down beside it.
@Suite("Both readers over all fixtures", Availability.needsReader)
struct ReaderFixtureTests {
    /// The Python reader's reports on all fixtures, from one process.
    private static let reports = Result { () throws -> [String: PythonReader.Report] in
        let reader = try PythonReader()
        var reports: [String: PythonReader.Report] = [:]
        for name in Fixtures.chainNames { reports[name] = try reader.verify(path(name)) }
        return reports
    }

    private static func path(_ name: String) -> String { Fixtures.root.appending(path: "chains/\(name)").path }

    @Test(arguments: Fixtures.chainNames)
    func verdictIsTheExpectedOne(_ name: String) throws {
        let path = Self.path(name)
        let expected = try JSONDecoder().decode(
            Expected.self, from: try Data(contentsOf: URL(filePath: "\(path)/expect.json")))
        let python = Claim(try #require(Self.reports.get()[name]))
        let swift = Claim(try Verifier().verify(path))
        check(python, against: expected)
        check(swift, against: expected)
        expectAgreement(python, swift)
    }

    private func check(_ claim: Claim, against expected: Expected) {
        #expect(claim.verdict == expected.verdict)
        #expect(claim.records == expected.records)
        #expect(claim.headHash == expected.headHash)
        #expect(claim.chainID == expected.chainID)
        #expect(claim.place == expected.index.map { Claim.Place(index: $0, offset: expected.offset ?? 0) })
        #expect(claim.rules.isEmpty == expected.rules.isEmpty)
        #expect(claim.rules.isSubset(of: expected.rules))
        #expect(claim.warnings == Set(expected.warnings))
    }

    /// expect.json, see Fixtures/README.md.
    private struct Expected: Decodable {
        let verdict: String
        let records: Int
        let headHash: String?
        let chainID: String?
        let index: Int?
        let offset: Int?
        let rules: [String]
        let warnings: [Claim.Warning]

        enum CodingKeys: String, CodingKey {
            case verdict, records, index, offset, rules, warnings
            case headHash = "head_hash"
            case chainID = "chain_id"
        }
    }
}
