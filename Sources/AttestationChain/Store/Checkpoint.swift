internal import ChainCrypto
internal import ChainRecord
internal import DeterministicCBOR

/// What state.cbor says about the chain's head. It may be wrong, and is believed only after looking.
package struct HeadClaim: Sendable {
    package let chainID: Hash256
    package let headIndex: Int
    package let headHash: Hash256
    /// Bytes of chain.bin that were durable; nil in a state of the older Python store.
    package let durableLength: Int?
    /// Everything it says, known keys or not.
    fileprivate let content: CBORValue

    /// Whether nothing that it says differs from what a chain had established at ``headIndex``.
    package func isBorneOut(by actual: ChainState) -> Bool {
        guard case .map(let pairs) = Checkpoint.map(actual) else { return false }
        return pairs.allSatisfy { pair in
            guard let said = pair.key.textValue.flatMap({ content[$0] }) else { return true }
            return said == pair.value
        }
    }

    /// What the claim says and a chain does not bear out.
    ///
    /// - Parameters:
    ///   - recordCount: of the chain's longest verified prefix.
    ///   - actualChainID: the chain's; of no meaning when there is no record.
    ///   - hashAtHead: record hash of the record at ``headIndex``, when the prefix has one.
    ///   - fileSize: of chain.bin, in bytes.
    package func conflict(
        recordCount: Int, chainID actualChainID: Hash256, hashAtHead: Hash256?, fileSize: Int
    ) -> Finding? {
        if recordCount > 0, actualChainID != chainID {
            return Finding(
                .state,
                "state.cbor is of chain \(chainID), and this is chain \(actualChainID): one of the two was replaced")
        }
        guard let hashAtHead else {
            return Finding(
                .state,
                "the chain has \(recordCount) records that hold, and state.cbor knew \(headIndex + 1):"
                    + " records were cut off or lost")
        }
        if hashAtHead != headHash {
            return Finding(
                .state, index: headIndex,
                "record \(headIndex) is not the one that state.cbor knew: the chain was rewritten")
        }
        if let durableLength, durableLength > fileSize {
            return Finding(
                .state, "the file has \(fileSize) bytes, and state.cbor knew of \(durableLength): its end is missing")
        }
        return nil
    }
}

/// The content of state.cbor (docs/format.md).
package enum Checkpoint: Sendable {
    case missing
    /// Not a state; why.
    case unreadable(String)
    /// A state with the older store's six keys only, or one that cannot be restored from: something to compare with.
    case claim(HeadClaim)
    /// A state to go on from, once its head is found where it says.
    case complete(HeadClaim, ChainState)

    package static let maximumSize = 4 << 20
    /// CBOR items in the state of a chain with 65,536 keys, and some to spare: a tree of more is not built.
    private static let maximumItemCount = 200_000

    private enum Key {
        static let chainID = "chain_id"
        static let headIndex = "head_index"
        static let headHash = "head_hash"
        static let recordCount = "record_count"
        static let createdAt = "created_at"
        static let lastAppendAt = "last_append_at"
        static let headOffset = "head_offset"
        static let byteLength = "byte_length"
        static let signers = "signers"
        static let rotationProof = "rotation_proof"
    }

    package var claim: HeadClaim? {
        switch self {
        case .missing, .unreadable: nil
        case .claim(let claim), .complete(let claim, _): claim
        }
    }

    /// Reads state.cbor beside the chain. A state that cannot be read is an answer, not an error; only I/O throws.
    package static func read(_ location: ChainLocation, system: any SystemCalls) throws(ChainError) -> Checkpoint {
        guard let directory = location.directory else { return .missing }
        let path = "\(directory)/\(ChainLocation.stateName)"
        let file: OpenFile
        do throws(ChainError) {
            file = try OpenFile(path, .read, system: system)
        } catch {
            if error.code == .notFound { return .missing }
            throw error
        }
        let status = try file.status()
        guard status.kind == .regular else { return .unreadable("not a regular file") }
        guard status.size <= maximumSize else { return .unreadable("larger than \(maximumSize) bytes") }
        return decode(try file.read(0..<status.size))
    }

    package static func decode(_ bytes: [UInt8]) -> Checkpoint {
        let map: CBORValue
        do throws(CBORError) {
            // Items stand one behind the other however they are nested.
            var cursor = CBORCursor()
            var count = 0
            while cursor.offset < bytes.count {
                _ = try cursor.next(in: bytes.span)
                count += 1
                guard count <= maximumItemCount else { return .unreadable("more items than a state has") }
            }
            map = try CBORValue(decoding: bytes)
        } catch {
            return .unreadable("\(error)")
        }
        guard let chainID = hash(map[Key.chainID]), let headHash = hash(map[Key.headHash]),
            let headIndex = count(map[Key.headIndex]), let recordCount = count(map[Key.recordCount]),
            let createdAt = map[Key.createdAt]?.integer, let lastAppendAt = map[Key.lastAppendAt]?.integer
        else { return .unreadable("not a state: a key is missing or of the wrong type") }
        guard headIndex < .max, recordCount == headIndex + 1 else {
            return .unreadable("record_count is not head_index + 1")
        }
        let claim = HeadClaim(
            chainID: chainID, headIndex: headIndex, headHash: headHash, durableLength: count(map[Key.byteLength]),
            content: map)
        guard let headOffset = count(map[Key.headOffset]), let byteLength = claim.durableLength,
            let signers = signers(map[Key.signers]), case .bool(let requiresProof) = map[Key.rotationProof]
        else { return .claim(claim) }
        guard
            let state = ChainState(
                recordCount: recordCount, headHash: headHash, headOffset: headOffset, byteLength: byteLength,
                chainID: chainID, createdAt: createdAt, lastAppendAt: lastAppendAt, signers: signers,
                requiresRotationProof: requiresProof)
        else { return .unreadable("the state contradicts itself") }
        return .complete(claim, state)
    }

    /// The bytes of state.cbor for a chain with at least one record.
    package static func encode(_ state: ChainState) -> [UInt8] {
        do throws(CBORError) {
            return try map(state).encoded()
        } catch {
            preconditionFailure("a state encodes: \(error)")
        }
    }

    fileprivate static func map(_ state: ChainState) -> CBORValue {
        let signers = state.signers.map { epoch in
            CBORValue.array([.unsigned(UInt64(epoch.firstIndex)), .bytes(epoch.key.bytes)])
        }
        return .map([
            (.text(Key.chainID), .bytes(state.chainID.bytes)),
            (.text(Key.headIndex), .unsigned(UInt64(state.recordCount - 1))),
            (.text(Key.headHash), .bytes(state.headHash.bytes)),
            (.text(Key.recordCount), .unsigned(UInt64(state.recordCount))),
            (.text(Key.createdAt), CBORValue(state.createdAt)),
            (.text(Key.lastAppendAt), CBORValue(state.lastAppendAt)),
            (.text(Key.headOffset), .unsigned(UInt64(state.headOffset))),
            (.text(Key.byteLength), .unsigned(UInt64(state.byteLength))),
            (.text(Key.signers), .array(signers)),
            (.text(Key.rotationProof), .bool(state.requiresRotationProof)),
        ])
    }

    private static func hash(_ value: CBORValue?) -> Hash256? {
        value?.bytesValue.flatMap { Hash256($0) }
    }

    private static func count(_ value: CBORValue?) -> Int? {
        guard case .unsigned(let number) = value else { return nil }
        return Int(exactly: number)
    }

    private static func signers(_ value: CBORValue?) -> [SignerEpoch]? {
        guard case .array(let entries) = value else { return nil }
        var signers: [SignerEpoch] = []
        for entry in entries {
            guard case .array(let pair) = entry, pair.count == 2, let firstIndex = count(pair[0]),
                let bytes = pair[1].bytesValue, let key = PublicKey(bytes)
            else { return nil }
            signers.append(SignerEpoch(key: key, firstIndex: firstIndex))
        }
        return signers
    }
}
