import AttestationChain
import Foundation
import TestSupport
import Testing

/// docs/format.md dissects a record: the page and the file must be the same bytes.
@Suite struct FormatPageTests {
    @Test func theWorkedExampleIsTheFixture() throws {
        let page = try String(
            contentsOf: Fixtures.root.deletingLastPathComponent().appending(path: "docs/format.md"), encoding: .utf8)
        let dump = try #require(
            page.components(separatedBy: "```hexdump\n").dropFirst().first?.components(separatedBy: "\n```").first)
        var bytes: [UInt8] = []
        for line in dump.split(separator: "\n") {
            let (offset, hex) = (line.prefix(6).trimmingCharacters(in: .whitespaces), line.dropFirst(6).prefix(48))
            if !offset.isEmpty { #expect(Int(offset) == bytes.count) }
            bytes += hex.split(separator: " ").compactMap { UInt8($0, radix: 16) }
        }
        let file = Array(try Data(contentsOf: Fixtures.root.appending(path: "chains/good/chain.bin")))
        #expect(bytes == Array(file[..<292]))
        let record = try Chain(opening: Fixtures.root.appending(path: "chains/good").path).record(at: 0)
        #expect(page.contains("    \(record.recordHash)\n"))
        #expect(record.genesis?.name == "Example")
    }
}
