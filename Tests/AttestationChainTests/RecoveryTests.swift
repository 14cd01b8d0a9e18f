import AttestationChain
import Foundation
import TestSupport
import Testing

/// What opening does with what a crash, or somebody, has left.
@Suite struct RecoveryTests {
    @Test func aTornTailIsKeptAndCutOff() throws {
        let chain = try TestChain(records: 3)
        let whole = try chain.bytes()
        var writer = try chain.writer()
        try writer.append(TestChain.draft(4))
        try writer.close()
        let longer = try chain.bytes()
        let tail = Array(longer[whole.count..<(whole.count + 50)])
        // The state as it was before the append.
        try chain.replaceBytes(whole + tail)
        try rewindState(chain, to: whole)

        let reader = try chain.reader()
        #expect(reader.tail == .torn(bytes: 50))
        #expect(reader.count == 4)

        var next = try chain.writer()
        let recovery = next.recovery
        #expect(recovery.tornBytes == 50)
        #expect(recovery.tornOffset == whole.count)
        let evidence = try #require(recovery.evidence)
        #expect(evidence == "chain.bin.torn-\(whole.count)-\(SHA256.hash(tail).description.prefix(16))")
        #expect(try chain.folder.bytes("chain/\(evidence)") == tail)
        #expect(try chain.bytes() == whole)
        #expect(try next.append(TestChain.draft(4)).index == 4)
        try next.close()
        #expect(try chain.verdict().outcome == .valid)
    }

    /// The evidence's name can be told beforehand: nothing that waits there is written over.
    @Test func evidenceIsNotWrittenIntoAnotherFile() throws {
        let chain = try TestChain(records: 1)
        let whole = try chain.bytes()
        try chain.replaceBytes(whole + [0, 0])
        let victim = chain.folder.path("victim")
        try chain.folder.write([1], to: "victim")
        let name = "chain.bin.torn-\(whole.count)-\(SHA256.hash([0, 0]).description.prefix(16))"
        try FileManager.default.linkItem(atPath: victim, toPath: chain.path + "/" + name)
        let before = try chain.folder.contents()
        let error = #expect(throws: ChainError.self) { _ = try chain.writer() }
        #expect(error?.code == .notAChainFile)
        #expect(try chain.folder.contents() == before)
    }

    @Test func repairIsTheSameAndDoesNothingTwice() throws {
        let chain = try TestChain(records: 3)
        let whole = try chain.bytes()
        try chain.replaceBytes(whole + [0, 0])
        let recovery = try ChainWriter.repair(chain.path)
        #expect(recovery.tornBytes == 2)
        #expect(try chain.bytes() == whole)
        let after = try chain.folder.contents()
        #expect(try ChainWriter.repair(chain.path).isEmpty)
        #expect(try chain.folder.contents() == after)
    }

    @Test func durableBytesAreNeverTorn() throws {
        let chain = try TestChain(records: 3)
        let whole = try chain.bytes()
        try chain.replaceBytes(Array(whole.dropLast(10)))
        let before = try chain.folder.contents()
        let error = #expect(throws: ChainError.self) { _ = try chain.writer() }
        #expect(error?.code == .rolledBack)
        #expect(throws: ChainError.self) { _ = try chain.reader() }
        #expect(throws: ChainError.self) { try ChainWriter.repair(chain.path) }
        #expect(try chain.folder.contents() == before)
        #expect(try chain.verdict().outcome == .rollback)
        #expect(try chain.verdict().tailStatus == .truncated)
    }

    @Test func aCutChainIsNoticedThroughItsState() throws {
        let chain = try TestChain(records: 3)
        let offset = try chain.reader().record(at: 3).offset
        try chain.replaceBytes(Array(try chain.bytes()[..<offset]))
        let error = #expect(throws: ChainError.self) { _ = try chain.writer() }
        #expect(error?.code == .rolledBack)
        #expect(try chain.verdict().outcome == .rollback)
        // Without the state nothing shows it.
        try removeState(chain.folder)
        let verdict = try chain.verdict()
        #expect(verdict.outcome == .valid)
        #expect(verdict.tailPin == .none)
    }

    @Test func anEmptiedChainIsNoticedThroughItsState() throws {
        let chain = try TestChain(records: 3)
        try chain.replaceBytes([])
        #expect(try chain.verdict().outcome == .rollback)
        for attempt in [{ _ = try chain.writer() }, { _ = try ChainWriter(creating: chain.path, signer: chain.key) }]
            as [() throws -> Void]
        {
            let error = #expect(throws: ChainError.self) { try attempt() }
            #expect(error?.code == .rolledBack)
        }
        try removeState(chain.folder)
        #expect(try chain.verdict().outcome == .invalid)
        let error = #expect(throws: ChainError.self) { _ = try chain.writer() }
        #expect(error?.code == .empty)
    }

    @Test func aStateOfAnotherChainIsRefused() throws {
        let chain = try TestChain(records: 3)
        let other = try TestChain(records: 3, key: TestKeys.named("other"))
        try chain.folder.write(try other.state(), to: "chain/state.cbor")
        let before = try chain.folder.contents()
        let error = #expect(throws: ChainError.self) { _ = try chain.writer() }
        #expect(error?.code == .rolledBack)
        #expect(try chain.verdict().outcome == .rollback)
        #expect(try chain.folder.contents() == before)
    }

    @Test func aReplacedChainIsNoticed() throws {
        let chain = try TestChain(records: 3)
        let other = try TestChain(records: 9, key: TestKeys.named("other"))
        let chainID = try #require(try chain.reader().chainID)
        try chain.replaceBytes(try other.bytes())
        #expect(try chain.verdict().outcome == .rollback)
        try removeState(chain.folder)
        #expect(try chain.verdict().outcome == .valid)
        #expect(try chain.verdict(.chainID(chainID)).outcome == .invalid)
        #expect(try chain.verdict(.signer(chain.key.publicKey.fingerprint)).outcome == .invalid)
    }

    @Test(arguments: [[], [0xFF], Array("garbage".utf8), [UInt8](repeating: 0, count: 200)] as [[UInt8]])
    func anUnusableStateIsKeptAsideAndMadeAnew(_ garbage: [UInt8]) throws {
        let chain = try TestChain(records: 3)
        let good = try chain.state()
        try chain.folder.write(garbage, to: "chain/state.cbor")
        #expect(try chain.reader().count == 4)
        #expect(try chain.verdict().outcome == .valid)
        let writer = try chain.writer()
        #expect(writer.recovery.unusableState != nil)
        try writer.close()
        #expect(try chain.state() == good)
        let kept = "state.cbor.bad-\(SHA256.hash(garbage).description.prefix(16))"
        #expect(try chain.names() == ["chain.bin", "state.cbor", kept].sorted())
        #expect(try chain.folder.bytes("chain/\(kept)") == garbage)
    }

    @Test func aStateOfAMillionItemsIsNotReadIntoMemory() throws {
        let chain = try TestChain(records: 1)
        // An array of 2^20 small integers, well-formed and within the size.
        let bomb = [0x9A, 0x00, 0x10, 0x00, 0x00] + [UInt8](repeating: 0, count: 1 << 20)
        try chain.folder.write(bomb, to: "chain/state.cbor")
        #expect(try chain.reader().stateStatus == .unusable("more items than a state has"))
        try chain.folder.write([UInt8](repeating: 0, count: 4 << 20 + 1), to: "chain/state.cbor")
        guard case .unusable = try chain.reader().stateStatus else {
            Issue.record("a state of more than 4 MiB was read")
            return
        }
    }

    @Test func everyBitOfTheStateIsNoticedOrHarmless() throws {
        let chain = try TestChain(records: 3)
        let good = try chain.state()
        let bytes = try chain.bytes()
        for index in good.indices {
            for bit in 0..<8 {
                var state = good
                state[index] ^= 1 << bit
                try chain.folder.write(state, to: "chain/state.cbor")
                do {
                    var writer = try chain.writer()
                    // Whatever the state said, the next record is the right one.
                    let appended = try writer.append(TestChain.draft(9))
                    try writer.close()
                    #expect(appended.index == 4, "bit \(bit) of byte \(index)")
                    try removeState(chain.folder)
                    #expect(try chain.verdict().outcome == .valid, "bit \(bit) of byte \(index)")
                } catch let error as ChainError {
                    #expect(error.code == .rolledBack, "bit \(bit) of byte \(index): \(error)")
                }
                try chain.replaceBytes(bytes)
            }
        }
    }

    @Test func recordsBehindTheStateAreReadAgainAndWrittenAgain() throws {
        let chain = try TestChain(records: 3)
        let old = try chain.state()
        var writer = try chain.writer()
        try writer.append(TestChain.draft(4))
        try writer.close()
        let tail = try chain.reader().record(at: 4)
        try chain.folder.write(old, to: "chain/state.cbor")

        chain.system.reset()
        let next = try chain.writer()
        #expect(next.count == 5)
        // In place, the same bytes, then fdatasync: they might have been in the page cache only.
        #expect(chain.system.counts.bytesWritten >= tail.bytes.count + 4)
        try next.close()
        #expect(try chain.verdict().outcome == .valid)
    }

    @Test func damageIsNeverMended() throws {
        let chain = try TestChain(records: 5)
        try removeState(chain.folder)
        let whole = try chain.bytes()
        let offset = try chain.reader().record(at: 2).offset
        var damaged = whole
        damaged[offset + 60] ^= 1
        try chain.replaceBytes(damaged)
        let before = try chain.folder.contents()
        for attempt in [
            { _ = try chain.writer() }, { _ = try ChainWriter.repair(chain.path) }, { _ = try chain.reader() },
        ] as [() throws -> Void] {
            let error = #expect(throws: ChainError.self) { try attempt() }
            #expect(error?.code == .damaged)
            #expect(error?.index == 2)
            #expect(error?.offset == offset)
        }
        #expect(try chain.folder.contents() == before)
        // Those who ask for it may look at what holds.
        let reader = try Chain(opening: chain.path, allowingDamage: true)
        #expect(reader.count == 2)
        #expect(reader.damage.first?.index == 2)
    }

    /// Puts back a state that covers no more than `bytes`.
    private func rewindState(_ chain: TestChain, to bytes: [UInt8]) throws {
        let current = try chain.bytes()
        try chain.replaceBytes(bytes)
        try removeState(chain.folder)
        try ChainWriter(opening: chain.path, signer: chain.key).close()
        try chain.replaceBytes(current)
    }
}
