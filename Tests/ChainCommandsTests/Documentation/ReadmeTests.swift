import Foundation
import Testing

/// README's first five minutes, typed as printed.
@Suite struct ReadmeTests {
    @Test func theFirstFiveMinutesWork() throws {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("README.md")
        let commands = try String(contentsOf: page, encoding: .utf8).split(separator: "\n")
            .filter { $0.hasPrefix("    chainctl ") }.map { $0.trimmingCharacters(in: .whitespaces) }
        #expect(commands.count == 5)

        let workspace = try Workspace()
        try workspace.shell("mkdir -p photos/day1 && echo one > photos/a.jpg && echo two > photos/day1/b.jpg")
        var chainID = "CHAIN_ID"
        var last = ""
        for command in commands {
            let outcome = try workspace.shell(command.replacingOccurrences(of: "CHAIN_ID", with: chainID))
            #expect(outcome.status == 0, "\(command): \(outcome.output)\(outcome.errors)")
            last = outcome.output
            if command.hasPrefix("chainctl init") {
                let words = outcome.output.split(whereSeparator: \.isWhitespace)
                let position = try #require(words.firstIndex(of: "id"))
                chainID = String(words[words.index(after: position)])
            }
        }
        #expect(last.hasPrefix("VALID\n"))
        #expect(last.contains("records     3 hold"))
        #expect(last.contains("identity    pinned"))
    }
}
