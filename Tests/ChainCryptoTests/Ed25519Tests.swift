import ChainCrypto
import Testing

@Suite struct Ed25519Tests {
    /// RFC 8032 section 7.1, tests 1 to 3 and SHA(abc): secret key, public key, message, signature.
    @Test(arguments: [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
        (
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
        (
            "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
            "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
            "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"
        ),
    ])
    func published(_ seed: String, _ publicKey: String, _ message: String, _ signature: String) throws {
        let bytes = try #require(Hex.decode(seed))
        let key = unsafe SigningKey(
            seed: SecretBytes(count: bytes.count) { unsafe $0.copyBytes(from: bytes) })
        let message = try #require(Hex.decode(message))
        #expect(key.publicKey.description == publicKey)
        #expect(Hex.encode(key.signature(for: message.span)) == signature)
        #expect(key.publicKey.isValidSignature(try #require(Hex.decode(signature)), for: message))
        #expect(key.publicKey.isPrimeOrderPoint)
    }

    @Test func everyBitCounts() throws {
        let key = SigningKey()
        let message = Array("message".utf8)
        let signature = key.signature(for: message.span)
        for bit in 0..<(signature.count * 8) {
            var changed = signature
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(!key.publicKey.isValidSignature(changed, for: message), "bit \(bit)")
        }
        #expect(!key.publicKey.isValidSignature(Array(signature.dropLast()), for: message))
        #expect(!key.publicKey.isValidSignature([], for: message))
    }

    /// The points of small order, and encodings that are no point or not canonical (RFC 8032 section 5.1.3).
    @Test(arguments: [
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "0200000000000000000000000000000000000000000000000000000000000000",
    ])
    func weakKeysAreNoKeys(_ hex: String) throws {
        #expect(try #require(PublicKey(hex)).isPrimeOrderPoint == false)
    }

    @Test(arguments: [
        "", "00", String(repeating: "A", count: 64), String(repeating: "g", count: 64),
        String(repeating: "0", count: 63),
    ])
    func onlyLowerCaseHexOfTheRightLengthIsAKey(_ text: String) {
        #expect(PublicKey(text) == nil)
        #expect(Hash256(text) == nil)
    }

    @Test func pemSurvives() throws {
        let key = SigningKey()
        let again = SigningKey(seed: try KeyPEM.seed(KeyPEM.encode(key)))
        #expect(again.publicKey == key.publicKey)
        let pem = KeyPEM.encode(key.publicKey)
        unsafe #expect(
            try KeyPEM.publicKey(SecretBytes(count: pem.count) { unsafe $0.copyBytes(from: pem) }) == key.publicKey)
    }

    /// RFC 8410 section 10.1 and 10.3.
    @Test func pemOfTheRFC() throws {
        let publicKey =
            "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n"
        let privateKey =
            "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n"
        let key = SigningKey(seed: try KeyPEM.seed(secret(privateKey)))
        #expect(try KeyPEM.publicKey(secret(publicKey)) == key.publicKey)
        // Line ends of other systems, and text around the key, which RFC 7468 allows.
        let key2 = SigningKey(
            seed: try KeyPEM.seed(secret("Some text\r\n" + privateKey.replacing("\n", with: "\r\n") + "more")))
        #expect(key2.publicKey == key.publicKey)
    }

    @Test(arguments: [
        "", "-----BEGIN PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n",
        "-----BEGIN PRIVATE KEY-----\n!!!!\n-----END PRIVATE KEY-----\n",
        // One byte short, one byte long, and X25519's identifier.
        "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVg=\n-----END PRIVATE KEY-----\n",
        "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhCAA==\n-----END PRIVATE KEY-----\n",
        "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VuBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n",
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
        "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n",
        "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n",
    ])
    func whatIsNoPrivateKeyIsRefused(_ text: String) {
        #expect(throws: KeyError.self) { _ = try KeyPEM.seed(secret(text + " ")) }
    }

    private func secret(_ text: String) -> SecretBytes {
        unsafe SecretBytes(count: text.utf8.count) { unsafe $0.copyBytes(from: text.utf8) }
    }
}
