import AttestationChain
import Foundation
import TestSupport
import Testing

struct ExpectedVerdict: Decodable, Sendable {
    struct Warning: Decodable, Sendable {
        let rule: String
        let index: Int?
    }

    let description: String
    let verdict: String
    let records: Int
    let bytes: Int
    let chain_id: String?
    let head_index: Int?
    let head_hash: String?
    let index: Int?
    let offset: Int?
    let rules: [String]
    let warnings: [Warning]
}

/// Whole chains, one failure each, made by a generator that shares no code with this project.
@Suite struct FixtureChainTests {
    static func expected(_ name: String) throws -> ExpectedVerdict {
        let file = Fixtures.root.appending(path: "chains/\(name)/expect.json")
        return try JSONDecoder().decode(ExpectedVerdict.self, from: try Data(contentsOf: file))
    }

    @Test(arguments: Fixtures.chainNames, [SignatureMode.all, .epoch])
    func verdictIsTheExpectedOne(_ name: String, _ mode: SignatureMode) throws {
        let expected = try Self.expected(name)
        let path = Fixtures.root.appending(path: "chains/\(name)").path
        let verdict = try Verifier(signatures: mode).verify(path)
        // A bad signature inside a signer's run is what the epoch mode leaves out, and says so.
        if mode == .epoch, expected.rules.contains("signature"), verdict.outcome != .invalid { return }
        #expect(verdict.outcome.rawValue == expected.verdict, "\(expected.description): \(verdict.findings)")
        #expect(verdict.byteCount == expected.bytes)
        #expect(verdict.recordCount == expected.records, "\(verdict.findings)")
        #expect(verdict.chainID?.description == expected.chain_id)
        #expect(verdict.headIndex == expected.head_index)
        #expect(verdict.headHash?.description == expected.head_hash)
        let errors = verdict.findings.filter { $0.severity == .error }
        if !expected.rules.isEmpty {
            let first = try #require(errors.first)
            #expect(expected.rules.contains(first.rule.rawValue), "\(errors)")
            if let index = expected.index, mode == .all || verdict.findings.contains(where: { $0.index == index }) {
                #expect(first.index == index)
                #expect(first.offset == expected.offset)
            }
        } else {
            #expect(errors.isEmpty)
        }
        if mode == .all, expected.verdict != "invalid" {
            #expect(
                Set(verdict.findings.filter { $0.severity == .warning }.map(\.rule.rawValue))
                    == Set(expected.warnings.map(\.rule)))
        }
    }

    /// What opening thinks of a chain and what verifying thinks of it must not differ.
    @Test(arguments: Fixtures.chainNames) func openingAgreesWithVerifying(_ name: String) throws {
        let expected = try Self.expected(name)
        let path = Fixtures.root.appending(path: "chains/\(name)").path
        let verdict = try Verifier(signatures: .epoch).verify(path)
        do {
            let chain = try Chain(opening: path)
            #expect(chain.count == verdict.recordCount)
            #expect(
                verdict.outcome == .valid || verdict.outcome == .torn
                    || expected.verdict == "invalid" && chain.count == 0)
            #expect((chain.tail == .clean) == (verdict.tailStatus == .clean))
        } catch {
            switch error.code {
            case .damaged:
                #expect(verdict.outcome == .invalid)
                #expect(error.index == verdict.findings.first { $0.severity == .error }?.index)
            case .rolledBack: #expect(verdict.outcome == .rollback)
            default: Issue.record("\(error)")
            }
        }
    }
}
