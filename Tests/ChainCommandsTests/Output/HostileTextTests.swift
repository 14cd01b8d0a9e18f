import ChainCommands
import Foundation
import Testing

/// Nothing from a record or a file name reaches a terminal as it is.
@Suite struct HostileTextTests {
    private static let hostile =
        "x\u{1B}[31m\u{7}\n\r\t\u{7F}\u{9B}\u{85}\u{2028}\u{202E}\u{2066}\u{200E}\u{200B}\u{FEFF}y"
    private static let escaped =
        #"x\u{1b}[31m\u{7}\u{a}\u{d}\u{9}\u{7f}\u{9b}\u{85}\u{2028}\u{202e}\u{2066}\u{200e}\u{200b}\u{feff}y"#

    @Test func oneFunctionEscapes() {
        #expect(TerminalText.escape(Self.hostile) == Self.escaped)
        #expect(TerminalText.escape("plain é 水 🙂 \\ \\n") == "plain é 水 🙂 \\ \\n")
        // A name that looks escaped is told from one that is.
        #expect(TerminalText.escape(#"\u{1b}"#) == #"\u{5c}u{1b}"#)
    }

    @Test func everyListedCharacterIsEscaped() throws {
        let ranges: [ClosedRange<UInt32>] = [
            0...0x1F, 0x7F...0x9F, 0x2028...0x2029, 0x202A...0x202E, 0x2066...0x2069, 0x200B...0x200F, 0x2060...0x2064,
            0xFEFF...0xFEFF, 0x61C...0x61C,
        ]
        for value in ranges.joined() {
            let scalar = try #require(Unicode.Scalar(value))
            #expect(TerminalText.escape(String(scalar)) == "\\u{\(String(value, radix: 16))}")
        }
    }

    /// Standard output and standard error hold no control character but line ends, and none that hides.
    private func expectClean(_ outcome: Outcome, sourceLocation: SourceLocation = #_sourceLocation) {
        for text in [outcome.output, outcome.errors] {
            let isClean = text.unicodeScalars.allSatisfy { scalar in
                scalar == "\n"
                    || ![.control, .format, .lineSeparator, .paragraphSeparator].contains(
                        scalar.properties.generalCategory)
            }
            #expect(isClean, "\(text.debugDescription)", sourceLocation: sourceLocation)
        }
    }

    @Test func recordsAndFileNames() throws {
        let workspace = try Workspace.withChain()
        try workspace.write("x", to: Self.hostile)
        let appended = try workspace.must(
            "append", "evidence", "--key", "signer.pem", Self.hostile, "--type", Self.hostile, "--meta",
            "\(Self.hostile)=\(Self.hostile)")
        expectClean(appended)
        #expect(appended.output.contains(Self.escaped))
        for arguments in [
            ["log", "evidence"], ["show", "evidence", "HEAD"], ["show", "evidence", "HEAD", "--diag"],
            ["inspect", "evidence"],
            ["check", "evidence", Self.hostile], ["verify", "evidence"],
        ] {
            let outcome = try workspace.run(Workspace.tool, arguments, input: nil, environment: [:])
            #expect(outcome.status == 0)
            expectClean(outcome)
        }
        // JSON keeps the text itself.
        let record = try workspace.must("show", "evidence", "HEAD", "--json").json()
        #expect(record["content_type"] as? String == Self.hostile)
        #expect((record["metadata"] as? [String: Any])?["name"] as? String == Self.hostile)
        #expect((record["metadata"] as? [String: Any])?[Self.hostile] as? String == Self.hostile)
    }

    @Test func errorLines() throws {
        let workspace = try Workspace.withChain()
        for arguments in [
            ["log", Self.hostile], ["append", "evidence", "--key", "signer.pem", Self.hostile],
            ["check", "evidence", Self.hostile],
            ["key", "show", Self.hostile], ["log", "evidence", "--range", Self.hostile], [Self.hostile],
            ["append", "evidence", "--key", "signer.pem", "signer.pem", "--meta", "\(Self.hostile):=x"],
            ["init", "new", "--key", Self.hostile],
        ] {
            let outcome = try workspace.run(Workspace.tool, arguments, input: nil, environment: [:])
            expectClean(outcome)
            outcome.expectError(outcome.status == 0 ? -1 : outcome.status, "\\u{1b}[31m")
        }
    }

    @Test func findingsOfAHostileChain() throws {
        let workspace = try Workspace.withChain()
        // An unknown type of this project's own is quoted in a warning.
        try HostileChain.append(type: "attestation-chain/" + Self.hostile, in: workspace)
        let verified = try workspace.run("verify", "evidence")
        #expect(verified.status == 0)
        expectClean(verified)
        #expect(verified.output.contains("unknown-type"))
        #expect(verified.output.contains(Self.escaped))
    }

    @Test func aChainsName() throws {
        let workspace = try Workspace()
        try workspace.must("key", "generate", "signer.pem")
        try workspace.must("init", "evidence", "--key", "signer.pem", "--name", Self.hostile)
        for command in ["log", "inspect"] {
            let outcome = try workspace.must(command, "evidence")
            expectClean(outcome)
            #expect(outcome.output.contains(Self.escaped))
        }
    }
}
