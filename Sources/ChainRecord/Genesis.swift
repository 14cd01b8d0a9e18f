internal import DeterministicCBOR

/// The content of a genesis record: what the chain is called, and the policy that no later record can weaken.
public struct Genesis: Sendable, Hashable {
    /// What people call the chain.
    public let name: String?
    /// Whether a rotation without the new key's proof is an error.
    public let requiresRotationProof: Bool

    private static let nameKey = "name"
    private static let rotationProofKey = "rotation_proof"
    private static let required = "required"

    /// The policy of every chain that this library begins: rotations need proof.
    public init(name: String?) {
        self.name = name
        requiresRotationProof = true
    }

    package init(decoding content: Span<UInt8>) throws(RecordError) {
        let value: CBORValue
        do throws(CBORError) {
            value = try CBORValue.decode(content)
        } catch {
            throw RecordError(.record, "the content of the genesis record: \(error)")
        }
        guard case .map(let pairs) = value, pairs.allSatisfy({ $0.key.textValue != nil }) else {
            throw RecordError(.record, "the content of the genesis record is not a map with text keys")
        }
        switch value[Self.nameKey] {
        case nil: name = nil
        case .text(let text): name = text
        default: throw RecordError(.record, "the name in the genesis record is not text")
        }
        switch value[Self.rotationProofKey] {
        case nil: requiresRotationProof = false
        case .text(let text) where text.utf8.elementsEqual(Self.required.utf8): requiresRotationProof = true
        default: throw RecordError(.record, "rotation_proof in the genesis record is not '\(Self.required)'")
        }
    }

    /// The content's deterministic encoding.
    package func encoded() throws(RecordError) -> [UInt8] {
        var pairs: [(key: CBORValue, value: CBORValue)] = []
        if let name { pairs.append((key: .text(Self.nameKey), value: .text(name))) }
        if requiresRotationProof { pairs.append((key: .text(Self.rotationProofKey), value: .text(Self.required))) }
        do throws(CBORError) {
            return try CBORValue.map(pairs).encoded()
        } catch {
            throw RecordError(.unencodable(error), error.description)
        }
    }
}
