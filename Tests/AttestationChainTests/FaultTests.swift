import AttestationChain
import Foundation
import TestSupport
import Testing

/// What an append says when the system fails under it, and what is on disk then.
@Suite struct FaultTests {
    @Test(arguments: [ENOSPC, EDQUOT, EFBIG]) func aFullDiskCostsOnlyTheAppend(_ number: Int32) throws {
        let chain = try TestChain(records: 1)
        let before = try chain.bytes()
        var writer = try chain.writer()
        chain.system.plan("pwrite", [.short(10), .error(number)])
        let error = #expect(throws: ChainError.self) { try writer.append(TestChain.draft(2)) }
        #expect(error?.code == .notCommitted)
        #expect(error?.cause?.errorNumber == number)
        #expect(try chain.bytes() == before)
        #expect(try writer.append(TestChain.draft(2)).index == 2)
    }

    @Test func anInputOutputErrorStopsTheWriter() throws {
        let chain = try TestChain(records: 1)
        let before = try chain.bytes()
        var writer = try chain.writer()
        chain.system.plan("pwrite", [.error(EIO)])
        #expect(throws: ChainError.self) { try writer.append(TestChain.draft(2)) }
        #expect(try chain.bytes() == before)
        let error = #expect(throws: ChainError.self) { try writer.append(TestChain.draft(2)) }
        #expect(error?.code == .writerUnusable)
    }

    @Test(arguments: [EIO, ENOSPC]) func aFailedFsyncIsNeverAskedAgain(_ number: Int32) throws {
        let chain = try TestChain(records: 1)
        var writer = try chain.writer()
        chain.system.reset()
        chain.system.plan("fdatasync", [.error(number)])
        let error = #expect(throws: ChainError.self) { try writer.append(TestChain.draft(2)) }
        #expect(error?.code == .unknownOutcome)
        #expect(chain.system.counts.calls["fdatasync"] == 1)
        // A record that may be on disk is never cut off.
        #expect(chain.system.counts.calls["ftruncate"] == nil)
        let again = #expect(throws: ChainError.self) { try writer.append(TestChain.draft(2)) }
        #expect(again?.code == .writerUnusable)
    }

    @Test func anUndoThatFailsIsUnknown() throws {
        let chain = try TestChain(records: 1)
        var writer = try chain.writer()
        chain.system.plan("pwrite", [.short(10), .error(ENOSPC)])
        chain.system.plan("ftruncate", [.error(EIO)])
        let error = #expect(throws: ChainError.self) { try writer.append(TestChain.draft(2)) }
        #expect(error?.code == .unknownOutcome)
        try? writer.close()
        // Ten bytes of a record are what a crash leaves, too.
        #expect(try chain.verdict().outcome == .torn)
        var next = try ChainWriter(opening: chain.path, signer: chain.key)
        #expect(try next.append(TestChain.draft(2)).index == 2)
    }

    @Test func shortWritesAreContinued() throws {
        let chain = try TestChain()
        var writer = try chain.writer()
        chain.system.plan("pwrite", [.short(1), .short(1), .short(100), .short(3)])
        try writer.append(TestChain.draft(1))
        try writer.close()
        #expect(try chain.verdict().outcome == .valid)
    }

    @Test func aBatchThatFailsHalfWaySaysWhatIsOnDisk() throws {
        let chain = try TestChain()
        var writer = try chain.writer()
        let draft = RecordDraft(inline: [UInt8](repeating: 7, count: 600_000), contentType: "x")
        chain.system.plan("pwrite", [nil, .error(ENOSPC)])
        let error = #expect(throws: ChainError.self) { try writer.append(contentsOf: [draft, draft, draft]) }
        #expect(error?.code == .notCommitted)
        #expect(error?.committed.map(\.index) == [1])
        #expect(try writer.append(TestChain.draft(1)).index == 2)
        try writer.close()
        #expect(try chain.verdict().recordCount == 3)
    }

    @Test(arguments: ["open", "fdatasync", "rename", "fsync", "unlink"])
    func aCheckpointThatFailsCostsNoRecord(_ call: String) throws {
        let chain = try TestChain(records: 1)
        var writer = try chain.writer()
        try writer.append(TestChain.draft(2))
        chain.system.plan(call, [.error(EIO)])
        let error = #expect(throws: ChainError.self) { try writer.suspend() }
        #expect(error?.cause?.call == call)
        #expect(try chain.verdict().recordCount == 3)
        // The next opening reads on from the older state.
        #expect(try chain.reader().count == 3)
    }

    @Test func readersWriteNothing() throws {
        let chain = try TestChain(records: 10)
        try removeState(chain.folder)
        let before = try chain.folder.contents()
        let system = ObservedSystem()
        let reader = try Chain(opening: chain.path, system: system)
        _ = try reader.record(at: 3)
        _ = try reader.refresh()
        _ = try Verifier().verify(chain.path, system: system)
        let calls = Set(system.counts.calls.keys)
        #expect(calls.isSubset(of: ["open", "pread", "fstat", "fstatat"]), "\(calls)")
        #expect(try chain.folder.contents() == before)
    }
}
