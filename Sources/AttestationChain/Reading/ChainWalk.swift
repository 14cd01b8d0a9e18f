internal import ChainCrypto
internal import ChainRecord
internal import DeterministicCBOR

/// Which signatures a walk checks.
public enum SignatureMode: String, Sendable {
    /// Every one.
    case all
    /// The last one of each signer's run of records, which through the links covers the content of the run.
    case epoch
}

/// Applies the records of a file to a ``ChainState`` one by one. Opening, following and verifying are this walk.
package struct ChainWalk: ~Copyable {
    package struct Step: Sendable {
        package enum Kind: Sendable {
            /// A record was taken in.
            case record
            /// The end, right behind a record.
            case end
            /// Nothing further can be made out: the bytes at the offset are no record.
            case stopped
        }

        package let kind: Kind
        /// About the record, and about the one before it where that only now came to light.
        package let findings: [Finding]
    }

    package private(set) var state: ChainState
    private var stream: FrameStream
    private let mode: SignatureMode
    /// In this range every signature is checked, whatever the mode.
    private let allIn: Range<Int>

    package private(set) var signaturesChecked = 0
    package private(set) var signaturesValid = 0

    /// The record before, when its signature is still unchecked.
    private var pending: [UInt8] = []
    private var pendingIndex = 0
    private var pendingOffset = 0

    /// - Parameters:
    ///   - state: what is established before the first byte that is read, at `state.byteLength`.
    ///   - end: the size of the file when it was looked at.
    ///   - allIn: records of which `.epoch` checks every signature after all.
    package init(
        _ file: OpenFile, from state: ChainState, to end: Int, mode: SignatureMode, allIn: Range<Int> = 0..<0
    ) {
        self.state = state
        self.mode = mode
        self.allIn = allIn
        stream = FrameStream(file, from: state.byteLength, to: end)
    }

    /// Offset of the record that the last step was about.
    package var offset: Int { stream.frameOffset }

    /// Takes in the next record.
    package mutating func advance() throws(ChainError) -> Step {
        let index = state.recordCount
        let offset: Int
        switch try stream.advance() {
        case .frame: offset = stream.frameOffset
        case .end: return Step(kind: .end, findings: checkPending())
        case .endsInsideFrame:
            return stopped(at: index, stream.frameOffset, .frame, "the file ends inside the record")
        case .forbiddenLength(let length):
            let message = "a record of \(length) bytes; 1 to \(ChainFormat.maximumRecordSize) are allowed"
            return stopped(at: index, stream.frameOffset, .frame, message)
        }

        let checksNow = mode == .all || allIn.contains(index)
        // A reference to the buffer, not a copy: a span of the stream's own would keep this walk borrowed.
        let buffer = stream.buffer
        let bytes = buffer.span.extracting(stream.recordRange)
        var record: ExaminedRecord
        do throws(RecordError) {
            record = try ExaminedRecord(bytes, checkingSignature: checksNow)
        } catch {
            return stopped(at: index, offset, Self.rule(of: error), error.message)
        }

        var findings: [Finding] = []
        let linkHolds = record.layout.previousHash(in: bytes) == state.headHash
        // A broken link alone does not say which of two records was changed; their signatures do.
        if !linkHolds, !checksNow {
            record = ExaminedRecord(record.layout, bytes, signatureIsValid: record.layout.signatureIsValid(in: bytes))
        }
        if !pending.isEmpty, !linkHolds || record.layout.signer(in: bytes) != pendingSigner {
            findings = checkPending()
        }
        findings += state.apply(record, bytes, at: offset)
        pending.removeAll(keepingCapacity: true)
        if let isValid = record.signatureIsValid {
            count(isValid)
        } else {
            unsafe bytes.withUnsafeBufferPointer { unsafe pending.append(contentsOf: $0) }
            pendingIndex = index
            pendingOffset = offset
        }
        return Step(kind: .record, findings: findings)
    }

    private mutating func stopped(at index: Int, _ offset: Int, _ rule: Finding.Rule, _ message: String) -> Step {
        Step(kind: .stopped, findings: checkPending() + [Finding(rule, index: index, offset: offset, message)])
    }

    /// Bytes left over in a frame, or missing from it, are about the frame: its length is what no hash covers.
    private static func rule(of error: RecordError) -> Finding.Rule {
        if case .encoding(let encoding) = error.code, [.trailingBytes, .needsMoreBytes].contains(encoding.code) {
            return .frame
        }
        return error.rule
    }

    private var pendingSigner: PublicKey {
        PublicKey(Bytes32(pending.span, at: pending.count - ChainFormat.signaturePairSize - Ed25519.publicKeySize))
    }

    private mutating func count(_ isValid: Bool) {
        signaturesChecked += 1
        if isValid { signaturesValid += 1 }
    }

    /// Checks the signature that was put off, if there is one.
    private mutating func checkPending() -> [Finding] {
        guard !pending.isEmpty else { return [] }
        defer { pending.removeAll(keepingCapacity: true) }
        let isValid: Bool
        do throws(RecordError) {
            isValid = try RecordLayout(parsing: pending.span).signatureIsValid(in: pending.span)
        } catch {
            preconditionFailure("a record that was taken in parses again")
        }
        count(isValid)
        if isValid { return [] }
        return [
            Finding(
                .signature, index: pendingIndex, offset: pendingOffset,
                "the signature is not that of the record's signer")
        ]
    }
}
