package import ChainCrypto
internal import DeterministicCBOR

/// A record that was looked at on its own: well-formed, hashed, and, if asked for, its signature checked.
///
/// This part of verifying needs nothing but the record's bytes, so it may run anywhere and in any order.
/// ``ChainState/apply(_:_:at:)`` then judges the record in its place.
package struct ExaminedRecord: Sendable {
    package let layout: RecordLayout
    package let recordHash: Hash256
    /// Whether content carried inside hashes to content_hash; true when none is carried.
    package let contentMatches: Bool
    /// Nil when the signature was not checked.
    package let signatureIsValid: Bool?

    package init(_ bytes: Span<UInt8>, checkingSignature: Bool) throws(RecordError) {
        let layout = try RecordLayout(parsing: bytes)
        self.init(layout, bytes, signatureIsValid: checkingSignature ? layout.signatureIsValid(in: bytes) : nil)
    }

    package init(_ layout: RecordLayout, _ bytes: Span<UInt8>, signatureIsValid: Bool?) {
        self.layout = layout
        self.signatureIsValid = signatureIsValid
        recordHash = layout.recordHash(in: bytes)
        contentMatches =
            layout.content.map { SHA256.hash(bytes.extracting($0)) == layout.contentHash(in: bytes) } ?? true
    }
}

/// What is signed and hashed: the one place that says so.
extension RecordLayout {
    /// SHA-256 of the signed bytes.
    package func recordHash(in bytes: Span<UInt8>) -> Hash256 {
        var hasher = SHA256()
        hasher.update(Self.signedHead.span)
        hasher.update(bytes.extracting(1..<(size - ChainFormat.signaturePairSize)))
        return hasher.finalize()
    }

    /// Whether the record's signature is its signer's over the signed bytes.
    package func signatureIsValid(in bytes: Span<UInt8>) -> Bool {
        let signedSize = size - ChainFormat.signaturePairSize
        let signer = signer(in: bytes)
        let signature = bytes.extracting(signatureOffset..<size)
        // The signed bytes differ from the record's in their first byte; libsodium wants them in one piece.
        return unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: signedSize) { message in
            unsafe bytes.extracting(0..<signedSize).withUnsafeBufferPointer { source in
                _ = unsafe message.update(fromContentsOf: source)
            }
            unsafe message[0] = ChainFormat.signedMapHead
            return unsafe signer.isValidSignature(signature, for: Span(_unsafeElements: UnsafeBufferPointer(message)))
        }
    }

    private static let signedHead: [UInt8] = [ChainFormat.signedMapHead]

    package func signer(in bytes: Span<UInt8>) -> PublicKey { PublicKey(Bytes32(bytes, at: signerOffset)) }
    package func previousHash(in bytes: Span<UInt8>) -> Hash256 { Hash256(Bytes32(bytes, at: previousHashOffset)) }
    package func contentHash(in bytes: Span<UInt8>) -> Hash256 { Hash256(Bytes32(bytes, at: contentHashOffset)) }

    package func hasContentType(_ type: [UInt8], in bytes: Span<UInt8>) -> Bool {
        guard contentType.count == type.count else { return false }
        return startsWithContentType(type, in: bytes)
    }

    package func startsWithContentType(_ prefix: [UInt8], in bytes: Span<UInt8>) -> Bool {
        guard contentType.count >= prefix.count else { return false }
        for index in prefix.indices where bytes[contentType.lowerBound + index] != prefix[index] { return false }
        return true
    }
}
