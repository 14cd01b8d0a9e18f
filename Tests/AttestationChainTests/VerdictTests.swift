import AttestationChain
import TestSupport
import Testing

/// A verdict says what it knows and not more.
@Suite struct VerdictTests {
    @Test func nothingIsPinnedUnlessSomethingPinsIt() throws {
        let chain = try TestChain(records: 2)
        let verdict = try Verifier().verify(chain.path + "/chain.bin")
        #expect(verdict.outcome == .valid)
        #expect(verdict.identityPin == .none)
        #expect(verdict.tailPin == .none)
        #expect(try chain.verdict().tailPin == .state)
    }

    @Test func expectationsPin() throws {
        let chain = try TestChain(records: 2)
        let reader = try chain.reader()
        let chainID = try #require(reader.chainID)
        let second = try reader.record(at: 1).recordHash
        #expect(try chain.verdict(.chainID(chainID)).identityPin == .chainID)
        #expect(try chain.verdict(.signer(chain.key.publicKey.fingerprint)).identityPin == .signer)
        #expect(try chain.verdict(.head(index: 1, hash: second)).tailPin == .expectedHead)
        #expect(try chain.verdict(.head(index: 1, hash: second)).outcome == .valid)
    }

    @Test func expectationsThatDoNotHold() throws {
        let chain = try TestChain(records: 2)
        let stranger = SHA256.hash([1])
        for expectation in [Expectation.chainID(stranger), .signer(stranger)] {
            let verdict = try chain.verdict(expectation)
            #expect(verdict.outcome == .invalid)
            #expect(verdict.identityPin == .none)
            #expect(verdict.findings.map(\.rule) == [.identity])
        }
        for expectation in [Expectation.head(index: 1, hash: stranger), .head(index: 7, hash: stranger)] {
            let verdict = try chain.verdict(expectation)
            #expect(verdict.outcome == .rollback)
            #expect(verdict.findings.map(\.rule) == [.expectedHead])
        }
        #expect(try chain.verdict(.head(index: 7, hash: stranger)).tailStatus == .truncated)
        #expect(try chain.verdict(.head(index: 1, hash: stranger)).tailStatus == .clean)
    }

    @Test func epochChecksOneSignatureARunAndSaysSo() throws {
        let chain = try TestChain(records: 5)
        var writer = try chain.writer()
        try writer.rotate(to: TestKeys.named("B"))
        try writer.append(contentsOf: (1...3).map(TestChain.draft))
        try writer.close()
        let epoch = try Verifier(signatures: .epoch).verify(chain.path)
        #expect(epoch.outcome == .valid)
        #expect(epoch.signatureMode == .epoch)
        #expect(epoch.signaturesChecked == 2)
        let all = try Verifier().verify(chain.path)
        #expect(all.signaturesChecked == 10)
        #expect(all.signaturesValid == 10)
        let range = try Verifier(signatures: .epoch, range: 2..<5).verify(chain.path)
        #expect(range.signaturesChecked == 5)
    }

    @Test func aBadSignatureInsideARunIsForAllOnly() throws {
        let chain = try TestChain(records: 5)
        try removeState(chain.folder)
        let record = try chain.reader().record(at: 3)
        var bytes = try chain.bytes()
        bytes[record.offset + 4 + record.bytes.count - 1] ^= 1
        try chain.replaceBytes(bytes)
        let all = try Verifier().verify(chain.path)
        #expect(all.outcome == .invalid)
        #expect(all.findings.map(\.rule) == [.signature])
        #expect(all.findings.first?.index == 3)
        // The records behind it were looked at all the same.
        #expect(all.signaturesChecked == 6)
        #expect(all.signaturesValid == 5)
        #expect(all.recordCount == 3)
        #expect(try Verifier(signatures: .epoch).verify(chain.path).outcome == .valid)
        #expect(try Verifier(signatures: .epoch, range: 3..<4).verify(chain.path).outcome == .invalid)
    }

    @Test func aRangeEstablishesWhoWasAuthorizedThere() throws {
        // A stranger's chain, whose records a verifier that begins in the middle would take for the chain's own.
        let chain = try TestChain(records: 3)
        let stranger = TestKeys.named("stranger")
        let bytes = try chain.bytes()
        let forged = try forge(behind: chain, signer: stranger, count: 3)
        try chain.replaceBytes(bytes + forged)
        let verdict = try Verifier(signatures: .epoch, range: 5..<7).verify(chain.path)
        #expect(verdict.outcome == .invalid)
        #expect(!verdict.isAuthorized)
        #expect(verdict.findings.first?.rule == .signer)
        #expect(verdict.findings.first?.index == 4)
        #expect(verdict.isIntact)
    }

    @Test(arguments: [2..<2, 0..<7, 6..<9] as [Range<Int>]) func rangesOutsideAreErrors(_ range: Range<Int>) throws {
        let chain = try TestChain(records: 5)
        let error = #expect(throws: ChainError.self) { try Verifier(range: range).verify(chain.path) }
        #expect(error?.code == .outOfRange)
    }

    @Test func findingsAreBounded() throws {
        let chain = try TestChain(records: 1)
        try chain.replaceBytes(try chain.bytes() + forge(behind: chain, signer: TestKeys.named("stranger"), count: 150))
        let verdict = try chain.verdict()
        #expect(verdict.outcome == .invalid)
        #expect(verdict.findings.count == Verdict.maximumFindingCount + 1)
        #expect(verdict.findings.last?.rule == .more)
        #expect(verdict.findings.last?.message.hasPrefix("50 ") == true)
    }

    @Test func everyBitOfARecordIsNoticed() throws {
        let chain = try TestChain(records: 4)
        try removeState(chain.folder)
        let bytes = try chain.bytes()
        let reader = try chain.reader()
        let records = try reader.records(in: 0..<5)
        for index in bytes.indices {
            var damaged = bytes
            damaged[index] ^= 1 << UInt8(index % 8)
            try chain.replaceBytes(damaged)
            let verdict = try Verifier().verify(chain.path)
            let record = records.last { $0.offset <= index }?.index
            #expect(verdict.outcome != .valid, "byte \(index)")
            if verdict.outcome == .invalid {
                #expect(
                    verdict.findings.first { $0.severity == .error }?.index == record,
                    "byte \(index): \(verdict.findings)")
            } else {
                // The one case that docs/durability.md names: the last record, damaged into a torn shape.
                #expect(record == 4)
            }
        }
    }

    /// Records that continue a chain in every way but who signs.
    private func forge(behind chain: TestChain, signer: SigningKey, count: Int) throws -> [UInt8] {
        let reader = try chain.reader()
        var state = (count: reader.count, head: try #require(reader.headHash))
        var bytes: [UInt8] = []
        for _ in 0..<count {
            let record = try UnsignedRecord(
                TestChain.draft(state.count),
                recordID: UUIDv7.make(microseconds: 0, random: [UInt8](repeating: 0, count: 10)),
                chainIndex: state.count, previousHash: state.head, claimedTimestamp: 0, witnesses: EntropyWitnesses(),
                signer: signer.publicKey)
            bytes += record.frame(signature: signer.signature(for: record.signedBytes.span))
            state = (state.count + 1, record.recordHash)
        }
        return bytes
    }
}
