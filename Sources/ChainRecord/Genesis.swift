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

    /// Reads the content of a genesis record in place: keys that are not known may hold anything.
    package init(decoding content: Span<UInt8>) throws(RecordError) {
        var name: String?
        var requiresRotationProof = false
        do throws(CBORError) {
            // The rules of encoding first, all of them.
            var cursor = CBORCursor()
            try cursor.skip(in: content)
            guard cursor.offset == content.count else { throw CBORError(.trailingBytes, at: cursor.offset) }
            cursor = CBORCursor()
            let map = try cursor.next(in: content)
            guard map.kind == .map else { throw Self.malformed }
            for _ in 0..<map.value {
                let key = try cursor.next(in: content)
                guard key.kind == .text else { throw Self.malformed }
                let value = try cursor.next(in: content)
                try cursor.skipContent(of: value, in: content, depth: 1)
                if key.isText(Self.nameKeyUTF8, in: content) {
                    guard value.kind == .text else { throw Self.malformed }
                    name = CBORCursor.string(value.content, of: content)
                } else if key.isText(Self.rotationProofKeyUTF8, in: content) {
                    guard value.isText(Self.requiredUTF8, in: content) else { throw Self.malformed }
                    requiresRotationProof = true
                }
            }
        } catch {
            throw RecordError(
                .record,
                error == Self.malformed
                    ? "the genesis record's content is not a map of text keys, 'name' text and 'rotation_proof'"
                        + " '\(Self.required)'"
                    : "the content of the genesis record: \(error)")
        }
        self.name = name
        self.requiresRotationProof = requiresRotationProof
    }

    /// Sound CBOR that is not a genesis record's content.
    private static let malformed = CBORError(.unsupportedKey, at: -1)
    private static let nameKeyUTF8 = Array(nameKey.utf8)
    private static let rotationProofKeyUTF8 = Array(rotationProofKey.utf8)
    private static let requiredUTF8 = Array(required.utf8)

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
