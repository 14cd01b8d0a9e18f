public import ChainCrypto

/// Keys that everyone knows, for tests only.
public enum TestKeys {
    /// The key whose seed is SHA-256 of a name.
    public static func named(_ name: String) -> SigningKey {
        let seed = SHA256.hash(Array("attestation-chain test key \(name)".utf8)).bytes
        return unsafe SigningKey(
            seed: SecretBytes(count: seed.count) { unsafe $0.copyBytes(from: seed) })
    }
}
