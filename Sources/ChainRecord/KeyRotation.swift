package import ChainCrypto

/// The bytes of a rotation that a new key signs, to show that its owner agrees.
package enum KeyRotation {
    /// Starts with its own domain, so it can be taken neither for a record nor for anything else.
    private static let proofDomain = Array("attestation-chain/key-rotation-proof-v1".utf8) + [0]

    /// What the new key signs: 136 bytes.
    package static func proofMessage(previousHash: Hash256, oldKey: PublicKey, newKey: PublicKey) -> [UInt8] {
        proofDomain + previousHash.bytes + oldKey.bytes + newKey.bytes
    }

    package static func proof(previousHash: Hash256, oldKey: PublicKey, newKey: SigningKey) -> [UInt8] {
        let message = proofMessage(previousHash: previousHash, oldKey: oldKey, newKey: newKey.publicKey)
        return newKey.signature(for: message.span)
    }
}
