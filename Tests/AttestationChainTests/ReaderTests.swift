import AttestationChain
import Foundation
import TestSupport
import Testing

@Suite struct ReaderTests {
    @Test func anyRecordFromEitherEnd() throws {
        let chain = try TestChain(records: 9)
        let reader = try chain.reader()
        #expect(try reader.records(in: 0..<10).map(\.index) == Array(0..<10))
        #expect(try reader.records(in: 3..<5).map(\.index) == [3, 4])
        var backwards: [Int] = []
        try reader.forEachRecord(in: 2..<6, reversed: true) { record in
            backwards.append(record.index)
            return record.index > 3
        }
        #expect(backwards == [5, 4, 3])
        for index in 0..<10 { #expect(try reader.record(at: index).index == index) }
        #expect(try reader.head()?.index == 9)
    }

    /// The index keeps its offsets in chunks of 4,095.
    @Test func recordsAroundTheBordersOfTheIndex() throws {
        let chain = try TestChain(records: 8200)
        let reader = try chain.reader()
        for index in [4096, 4094, 4095, 0, 8189, 8190, 8191, 8200, 1] {
            #expect(try reader.record(at: index).index == index)
        }
        #expect(try reader.records(in: 4090..<4100).map(\.index) == Array(4090..<4100))
    }

    @Test(arguments: [3..<3, 0..<11, 10..<11, -1..<2] as [Range<Int>])
    func rangesOutsideAreErrors(_ range: Range<Int>) throws {
        let chain = try TestChain(records: 9)
        let reader = try chain.reader()
        let error = #expect(throws: ChainError.self) { try reader.records(in: range) }
        #expect(error?.code == .outOfRange)
    }

    @Test(arguments: [-1, 10, .max, .min]) func indicesOutsideAreErrors(_ index: Int) throws {
        let chain = try TestChain(records: 9)
        let error = #expect(throws: ChainError.self) { try chain.reader().record(at: index) }
        #expect(error?.code == .outOfRange)
    }

    @Test func aReaderSeesNewRecordsWhenItLooks() throws {
        let chain = try TestChain(records: 2)
        let reader = try chain.reader()
        #expect(try reader.refresh() == 0)
        var writer = try chain.writer()
        try writer.append(TestChain.draft(3))
        #expect(reader.count == 3)
        #expect(try reader.refresh() == 1)
        #expect(reader.count == 4)
        #expect(try reader.record(at: 3).metadata["number"] == 3)
        try writer.append(contentsOf: [TestChain.draft(4), TestChain.draft(5)])
        #expect(try reader.refresh() == 2)
        #expect(try reader.records(in: 0..<6).map(\.index) == Array(0..<6))
    }

    @Test func aRecordBeingWrittenIsNotAnError() throws {
        let chain = try TestChain(records: 2)
        let before = try chain.bytes()
        var writer = try chain.writer()
        try writer.append(TestChain.draft(3))
        try writer.close()
        let after = try chain.bytes()
        try chain.replaceBytes(before)
        try removeState(chain.folder)
        let reader = try chain.reader()
        for size in (before.count + 1)..<after.count {
            try chain.replaceBytes(Array(after[..<size]))
            // The same file, as a writer would leave it.
            #expect(try Chain(opening: chain.path).count == 3)
            #expect(try Chain(opening: chain.path).tail == .torn(bytes: size - before.count))
        }
        try chain.replaceBytes(after)
        #expect(try Chain(opening: chain.path).count == 4)
        _ = reader
    }

    @Test func aBareFileIsAChain() throws {
        let chain = try TestChain(records: 4)
        let path = chain.path + "/chain.bin"
        let reader = try Chain(opening: path)
        #expect(reader.count == 5)
        #expect(reader.stateStatus == .missing)
        #expect(try Verifier().verify(path).outcome == .valid)
        let error = #expect(throws: ChainError.self) { _ = try ChainWriter(opening: path, signer: chain.key) }
        #expect(error?.code == .notAChainFile)
    }

    @Test func whatIsNoChainIsRefusedByName() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.path("empty"), withIntermediateDirectories: true)
        try FileManager.default.createDirectory(
            atPath: folder.path("nested/chain.bin"), withIntermediateDirectories: true)
        try FileManager.default.createDirectory(atPath: folder.path("fifo"), withIntermediateDirectories: true)
        unsafe #expect(mkfifo(folder.path("fifo/chain.bin"), 0o600) == 0)
        let cases: [(String, ChainError.Code)] = [
            ("missing", .notFound), ("empty", .notFound), ("nested", .notAChainFile), ("fifo", .notAChainFile),
            ("fifo/chain.bin", .notAChainFile),
        ]
        for (name, code) in cases {
            let error = #expect(throws: ChainError.self) { _ = try Chain(opening: folder.path(name)) }
            #expect(error?.code == code, "\(name)")
            let verifying = #expect(throws: ChainError.self) { _ = try Verifier().verify(folder.path(name)) }
            #expect(verifying?.code == code, "\(name)")
        }
    }

    @Test(arguments: ["symlink", "hard link", "directory", "fifo"])
    func writersTakeOnlyAFileOfTheirOwn(_ kind: String) throws {
        let chain = try TestChain(records: 1)
        let file = chain.path + "/chain.bin"
        let elsewhere = chain.folder.path("elsewhere")
        switch kind {
        case "hard link": unsafe #expect(link(file, elsewhere) == 0)
        case "symlink":
            try FileManager.default.moveItem(atPath: file, toPath: elsewhere)
            unsafe #expect(symlink(elsewhere, file) == 0)
        case "directory":
            try FileManager.default.removeItem(atPath: file)
            unsafe #expect(mkdir(file, 0o700) == 0)
        default:
            try FileManager.default.removeItem(atPath: file)
            unsafe #expect(mkfifo(file, 0o600) == 0)
        }
        let error = #expect(throws: ChainError.self) { _ = try chain.writer() }
        #expect(error?.code == .notAChainFile, "\(String(describing: error))")
    }

    @Test func aReplacedFileIsNoticedByThoseWhoReadOn() throws {
        let chain = try TestChain(records: 1)
        let reader = try chain.reader()
        let file = chain.path + "/chain.bin"
        try FileManager.default.moveItem(atPath: file, toPath: file + ".old")
        try FileManager.default.copyItem(atPath: file + ".old", toPath: file)
        let error = #expect(throws: ChainError.self) { try reader.refresh() }
        #expect(error?.code == .replaced)
    }

    @Test func readersDuringAppendsSeeNoFalseError() async throws {
        let chain = try TestChain()
        let path = chain.path
        let rounds = 150
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                var writer = try ChainWriter(opening: path, signer: TestKeys.named("A"))
                for round in 1...rounds {
                    if round.isMultiple(of: 3) {
                        try writer.append(contentsOf: (0..<7).map { TestChain.draft(round * 10 + $0) })
                    } else {
                        try writer.append(TestChain.draft(round))
                    }
                }
                try writer.close()
            }
            for _ in 0..<2 {
                group.addTask {
                    let reader = try Chain(opening: path)
                    var last = 0
                    // Bounded by the writer's end: it makes this many records.
                    while last < 1 + rounds + rounds / 3 * 6 {
                        try reader.refresh()
                        #expect(reader.count >= last)
                        last = reader.count
                        #expect(try reader.head()?.index == last - 1)
                        let outcome = try Verifier(signatures: .epoch).verify(path).outcome
                        #expect(outcome == .valid || outcome == .torn)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try chain.verdict().outcome == .valid)
    }
}
