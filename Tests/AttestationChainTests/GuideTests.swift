import AttestationChain
import Foundation
import TestSupport
import Testing

/// The Swift in docs/guide.md and README.md, compiled and run. Each block there stands below between two marks, to the
/// letter but for its indentation.
@Suite struct GuideTests {
    static let source = #filePath
    static let top = Fixtures.root.deletingLastPathComponent()

    private func inFolder(_ body: (String) throws -> Void) throws {
        let folder = try TemporaryFolder()
        try folder.write(Array("picture".utf8), to: "photo.jpg")
        try body(folder.path + "/")
    }

    @Test func begin() throws {
        try inFolder { folder in
            func beginChain(_ keyPath: String, _ path: String) throws -> Hash256 {
                // snippet: begin
                let fingerprint = try KeyFile.generate(keyPath).fingerprint
                let key = try SigningKey(contentsOf: keyPath)
                let writer = try ChainWriter(creating: path, signer: key, name: "Case 4711")
                let chainID = writer.chainID  // give this, or the fingerprint, to those who will verify
                try writer.close()
                // end
                #expect(fingerprint == key.publicKey.fingerprint)
                return chainID
            }
            let (keyPath, path) = (folder + "signer.pem", folder + "evidence")
            let chainID = try beginChain(keyPath, path)
            let key = try SigningKey(contentsOf: keyPath)
            let fingerprint = key.publicKey.fingerprint
            let photo = Array(try Data(contentsOf: URL(filePath: folder + "photo.jpg")))

            // snippet: append
            var writer = try ChainWriter(opening: path, signer: key, lock: .wait(upTo: .seconds(5)))
            let appended = try writer.append(
                RecordDraft(
                    contentHash: SHA256.hash(photo), contentType: "image/jpeg",
                    metadata: [(key: "case", value: "4711"), (key: "size", value: CBORValue(Int64(photo.count)))]))
            print("record \(appended.index) is on disk: \(appended.recordHash)")
            try writer.close()
            // end
            #expect(appended.index == 1)

            // snippet: read
            let chain = try Chain(opening: path)
            for record in try chain.records(in: 0..<chain.count) {
                print(record.index, record.contentType, record.contentHash)
            }
            let last = try chain.record(at: chain.count - 1)
            print(last.metadata["case"]?.textValue ?? "no case")
            // end
            #expect(last.metadata["case"] == "4711")

            // snippet: verify
            let verdict = try chain.verify(expecting: .signer(fingerprint))
            switch verdict.outcome {
            case .valid: print("\(verdict.recordCount) records hold; the end is pinned by \(verdict.tailPin.rawValue)")
            case .invalid, .torn, .rollback: for finding in verdict.findings { print(finding) }
            }
            // end
            #expect(verdict.outcome == .valid)
            #expect(try chain.verify(expecting: .chainID(chainID)).identityPin == .chainID)

            // snippet: batch
            var batch = try ChainWriter(opening: path, signer: key)
            let drafts = (1...1000).map { number in
                RecordDraft(inline: Array("event \(number)".utf8), contentType: "text/plain")
            }
            do throws(ChainError) {
                try batch.append(contentsOf: drafts)
            } catch {
                print("\(error); on disk all the same: \(error.committed.count) records")
            }
            // end
            #expect(batch.count == 1002)

            // snippet: share
            try batch.suspend()  // others may write now
            try batch.resume(lock: .wait(upTo: .seconds(5)))  // reads only what they wrote
            // end

            // snippet: follow
            if try chain.refresh() > 0 {
                try chain.forEachRecord(in: 0..<chain.count, reversed: true) { record in
                    print(record.index)
                    return record.index > chain.count - 10
                }
            }
            // end
            #expect(chain.count == 1002)

            let newKeyPath = folder + "next.pem"
            // snippet: rotate
            let newFingerprint = try KeyFile.generate(newKeyPath).fingerprint
            try batch.rotate(to: SigningKey(contentsOf: newKeyPath))  // the old key's last record
            try batch.append(RecordDraft(inline: Array("signed by the new key".utf8), contentType: "text/plain"))
            try batch.close()
            // end
            #expect(try chain.verify().signers.last?.key.fingerprint == newFingerprint)
        }
    }

    @Test(arguments: ["docs/guide.md", "README.md"]) func everySwiftBlockIsOneOfThese(_ page: String) throws {
        let text = try String(contentsOf: Self.top.appending(path: page), encoding: .utf8)
        let source = try String(contentsOfFile: Self.source, encoding: .utf8)
        let snippets = source.components(separatedBy: "// snippet: ").dropFirst().map { part in
            normalized(part.components(separatedBy: "\n").dropFirst().prefix { !$0.hasSuffix("// end") })
        }
        let blocks = text.components(separatedBy: "```swift\n").dropFirst().map { part in
            normalized(part.components(separatedBy: "\n").prefix { $0 != "```" }[...])
        }
        #expect(!blocks.isEmpty)
        for block in blocks where !block.isEmpty {
            #expect(snippets.contains(block), "in \(page): \(block.joined(separator: "\n"))")
        }
    }

    /// Lines without the indentation they share, imports and blank lines left out.
    private func normalized(_ lines: ArraySlice<String>) -> [String] {
        let kept = lines.filter { !$0.allSatisfy(\.isWhitespace) && !$0.hasPrefix("import ") }
        let indentation = kept.map { $0.prefix { $0 == " " }.count }.min() ?? 0
        return kept.map { String($0.dropFirst(indentation)) }
    }
}
