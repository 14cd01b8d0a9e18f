import ChainCrypto

/// A key that both sides have: Python from the seed's digits.
struct SharedKey {
    /// 64 hexadecimal digits.
    let seed: String
    let signing: SigningKey
    var publicKey: PublicKey { signing.publicKey }

    init(_ name: String) {
        let bytes = SHA256.hash(Array("attestation-chain interop key \(name)".utf8)).bytes
        seed = Hex.encode(bytes)
        signing = unsafe SigningKey(seed: SecretBytes(count: bytes.count) { unsafe $0.copyBytes(from: bytes) })
    }
}
