import Foundation
import Testing

/// docs/cli.md says what the tool does: its transcripts are run as they are printed, one after another in one directory.
@Suite struct TranscriptTests {
    private struct Step {
        let line: Int
        let command: String
        var expected: [String] = []
    }

    private static let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("docs/cli.md")

    private func steps() throws -> [Step] {
        let text = try String(contentsOf: Self.page, encoding: .utf8)
        var steps: [Step] = []
        var isInside = false
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.hasPrefix("```") {
                isInside = line == "```console"
            } else if isInside, line.hasPrefix("$ ") {
                steps.append(Step(line: number + 1, command: String(line.dropFirst(2))))
            } else if isInside {
                steps[steps.count - 1].expected.append(String(line))
            }
        }
        return steps
    }

    /// `…` stands for anything within a line, and alone on a line for any lines.
    private func matches(_ output: String, _ expected: [String]) -> Bool {
        var pattern = ""
        for line in expected {
            if line == "…" {
                pattern += "(?:.*\n)*?"
            } else {
                pattern +=
                    line.components(separatedBy: "…").map { NSRegularExpression.escapedPattern(for: $0) }
                    .joined(separator: ".*?") + "\n"
            }
        }
        guard let regex = try? NSRegularExpression(pattern: "\\A\(pattern)\\z") else { return false }
        return regex.firstMatch(in: output, range: NSRange(output.startIndex..., in: output)) != nil
    }

    @Test func everyTranscriptRunsAsPrinted() throws {
        let steps = try steps()
        #expect(steps.count > 25)
        let workspace = try Workspace()
        for step in steps {
            let outcome = try workspace.shell("{ \(step.command)\n} 2>&1")
            #expect(
                matches(outcome.output, step.expected),
                "docs/cli.md:\(step.line): $ \(step.command)\n\(outcome.output)\nbut the page says\n\(step.expected.joined(separator: "\n"))"
            )
        }
    }

    @Test func everyCommandHasATranscript() throws {
        let commands = Set(try steps().flatMap { $0.command.split(separator: " ").map { String($0) } })
        for name in [
            "key", "init", "append", "log", "show", "inspect", "verify", "check", "rotate", "repair", "export",
        ] {
            #expect(commands.contains(name))
        }
    }

    @Test func theMatcherCanSayNo() {
        #expect(matches("a 1 b\n", ["a … b"]))
        #expect(!matches("a 1 c\n", ["a … b"]))
        #expect(!matches("a 1 b\nmore\n", ["a … b"]))
        #expect(!matches("", ["a"]))
        #expect(!matches("x\na\n", ["…", "b"]))
        #expect(matches("x\ny\na\n", ["…", "a"]))
    }
}
