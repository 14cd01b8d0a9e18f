import Foundation
import TestSupport
import Testing

/// The independent reader in Fixtures/reader, running.
final class PythonReader {
    struct Report: Decodable, Sendable {
        let verdict: String
        let records: Int
        let headHash: String?
        let chainID: String?
        let findings: [Finding]

        struct Finding: Decodable, Sendable {
            let rule: String
            let severity: String
            let index: Int?
            let offset: Int?
        }

        enum CodingKeys: String, CodingKey {
            case verdict, records, findings
            case headHash = "head_hash"
            case chainID = "chain_id"
        }
    }

    private let conversation: Conversation

    init() throws {
        let folder = Fixtures.root.appending(path: "reader").path
        let driver = Availability.root.appending(path: "Tests/InteropTests/drive_reader.py").path
        conversation = try Conversation(Availability.requirePython(), ["-B", driver, folder])
    }

    /// Runs `chain_reader.py verify`.
    func verify(_ path: String) throws -> Report {
        let (status, output) = try run(["verify", path, "--json"])
        let report = try JSONDecoder().decode(Report.self, from: Data(output.utf8))
        #expect(status == ["valid": 0, "invalid": 1, "torn": 2, "rollback": 3][report.verdict])
        return report
    }

    func append(
        _ path: String, _ key: SharedKey, count: Int = 1, content: String? = nil, genesis: String? = nil
    ) throws {
        var arguments = ["append", path, "--seed", key.seed, "--count", String(count)]
        if let content { arguments += ["--content", content] }
        if let genesis { arguments += ["--genesis", genesis] }
        #expect(try run(arguments).status == 0)
    }

    func rotate(_ path: String, from key: SharedKey, to newKey: SharedKey) throws {
        #expect(try run(["rotate", path, "--seed", key.seed, "--new-seed", newKey.seed]).status == 0)
    }

    private func run(_ arguments: [String]) throws -> (status: Int, output: String) {
        let answer = try conversation.ask(arguments)
        return (try #require(answer["status"] as? Int), try #require(answer["output"] as? String))
    }
}
