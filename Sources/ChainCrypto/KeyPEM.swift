internal import CSodium

/// Ed25519 keys as PEM (RFC 7468): private ones in PKCS#8, public ones in SubjectPublicKeyInfo, both after RFC 8410, which
/// is what `openssl genpkey -algorithm ed25519` and `openssl pkey` write.
///
/// The DER of both is a fixed prefix and 32 bytes, so the secret is decoded straight into guarded memory and no general
/// parser ever copies it.
package enum KeyPEM {
    private static let privateLabel = "PRIVATE KEY"
    private static let publicLabel = "PUBLIC KEY"
    /// SEQUENCE { INTEGER 0, SEQUENCE { OID 1.3.101.112 }, OCTET STRING { OCTET STRING (32 bytes) } }
    private static let privatePrefix: [UInt8] = [
        0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
    ]
    /// SEQUENCE { SEQUENCE { OID 1.3.101.112 }, BIT STRING (32 bytes) }
    private static let publicPrefix: [UInt8] = [
        0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00,
    ]
    /// Larger than any key file of ours, small enough to read whole.
    package static let maximumFileSize = 16384

    /// Reads the seed of the private key in the text of a PEM file.
    package static func seed(_ pem: borrowing SecretBytes) throws(KeyError) -> SecretBytes {
        let size = privatePrefix.count + Ed25519.seedSize
        let der = unsafe try SecretBytes(count: size) { (der) throws(KeyError) in
            unsafe try decode(pem, label: privateLabel, into: der)
        }
        let hasPrefix = unsafe der.withUnsafeBytes { unsafe $0.starts(with: privatePrefix) }
        guard hasPrefix else { throw KeyError.notEd25519PrivateKey }
        return unsafe SecretBytes(count: Ed25519.seedSize) { seed in
            unsafe der.withUnsafeBytes {
                unsafe seed.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[privatePrefix.count...]))
            }
        }
    }

    /// Reads the public key in the text of a PEM file.
    package static func publicKey(_ pem: borrowing SecretBytes) throws(KeyError) -> PublicKey {
        let der = unsafe try SecretBytes(count: publicPrefix.count + Ed25519.publicKeySize) { (der) throws(KeyError) in
            unsafe try decode(pem, label: publicLabel, into: der)
        }
        let bytes = unsafe der.withUnsafeBytes { unsafe Array($0) }
        guard bytes.starts(with: publicPrefix), let key = PublicKey(bytes[publicPrefix.count...]) else {
            throw KeyError.notEd25519PublicKey
        }
        return key
    }

    /// The PEM text of a private key, in guarded memory.
    package static func encode(_ key: SigningKey) -> SecretBytes {
        let der = unsafe SecretBytes(count: privatePrefix.count + Ed25519.seedSize) { der in
            unsafe der.copyBytes(from: privatePrefix)
            unsafe key.withUnsafeSeed {
                unsafe UnsafeMutableRawBufferPointer(rebasing: der[privatePrefix.count...]).copyMemory(from: $0)
            }
        }
        return encode(der, label: privateLabel)
    }

    /// The PEM text of a public key.
    package static func encode(_ key: PublicKey) -> [UInt8] {
        let der = unsafe SecretBytes(count: publicPrefix.count + Ed25519.publicKeySize) { der in
            unsafe der.copyBytes(from: publicPrefix + key.bytes)
        }
        let pem = encode(der, label: publicLabel)
        return unsafe pem.withUnsafeBytes { unsafe Array($0) }
    }

    /// One line of base64 is enough: RFC 7468 asks for 64 characters a line, and both structures encode to at most 64.
    private static func encode(_ der: borrowing SecretBytes, label: String) -> SecretBytes {
        let header = Array("-----BEGIN \(label)-----\n".utf8)
        let footer = Array("\n-----END \(label)-----\n".utf8)
        let variant = sodium_base64_VARIANT_ORIGINAL
        // libsodium counts and writes a terminating zero, which the footer overwrites.
        let base64Size = Int(sodium_base64_encoded_len(der.count, variant)) - 1
        precondition(base64Size <= 64, "a key's base64 fits one PEM line")
        return unsafe SecretBytes(count: header.count + base64Size + footer.count) { text in
            unsafe text.copyBytes(from: header)
            unsafe der.withUnsafeBytes { der in
                let target = unsafe text.bindMemory(to: CChar.self).baseAddress
                let source = unsafe der.bindMemory(to: UInt8.self).baseAddress
                guard let target = unsafe target, let source = unsafe source else {
                    preconditionFailure("guarded memory has an address")
                }
                _ = unsafe sodium_bin2base64(target + header.count, base64Size + 1, source, der.count, variant)
            }
            unsafe UnsafeMutableRawBufferPointer(rebasing: text[(header.count + base64Size)...]).copyBytes(from: footer)
        }
    }

    /// Decodes the base64 between the BEGIN and END lines of `label` into `der`, which it must fill exactly.
    private static func decode(
        _ pem: borrowing SecretBytes, label: String, into der: UnsafeMutableRawBufferPointer
    ) throws(KeyError) {
        let outcome: Result<Void, KeyError> = unsafe pem.withUnsafeBytes { text in
            guard
                let header = unsafe range(of: "-----BEGIN \(label)-----", in: text, from: 0),
                let footer = unsafe range(of: "-----END \(label)-----", in: text, from: header.upperBound)
            else { return .failure(unsafe diagnose(text, expected: label)) }
            // libsodium reads `char`, stops at what is neither base64 nor to be ignored, and checks the padding.
            let body = unsafe UnsafeRawBufferPointer(rebasing: text[header.upperBound..<footer.lowerBound])
            let source = unsafe body.bindMemory(to: CChar.self).baseAddress
            let target = unsafe der.bindMemory(to: UInt8.self).baseAddress
            guard let source = unsafe source, let target = unsafe target else { return .failure(.malformedPEM) }
            var written = 0
            let status = unsafe sodium_base642bin(
                target, der.count, source, body.count, "\r\n", &written, nil, sodium_base64_VARIANT_ORIGINAL)
            guard status == 0 else {
                return .failure(label == privateLabel ? .notEd25519PrivateKey : .notEd25519PublicKey)
            }
            guard written == der.count else {
                return .failure(label == privateLabel ? .notEd25519PrivateKey : .notEd25519PublicKey)
            }
            return .success(())
        }
        try outcome.get()
    }

    private static func diagnose(_ text: UnsafeRawBufferPointer, expected label: String) -> KeyError {
        for (found, error) in [
            ("-----BEGIN ENCRYPTED PRIVATE KEY-----", KeyError.encrypted),
            ("-----BEGIN OPENSSH PRIVATE KEY-----", .openSSH),
            ("-----BEGIN PRIVATE KEY-----", .privateWherePublicExpected),
            ("-----BEGIN PUBLIC KEY-----", .publicWherePrivateExpected),
        ] where unsafe range(of: found, in: text, from: 0) != nil {
            return error
        }
        return .malformedPEM
    }

    private static func range(of needle: String, in text: UnsafeRawBufferPointer, from start: Int) -> Range<Int>? {
        let needle = Array(needle.utf8)
        var index = start
        while index + needle.count <= text.count {
            if unsafe text[index..<(index + needle.count)].elementsEqual(needle) {
                return index..<(index + needle.count)
            }
            index += 1
        }
        return nil
    }
}

/// Why the bytes of a key file are not the key that was asked for.
public enum KeyError: Error, Sendable, CustomStringConvertible {
    case malformedPEM, notEd25519PrivateKey, notEd25519PublicKey, encrypted, openSSH
    case privateWherePublicExpected, publicWherePrivateExpected

    public var description: String {
        switch self {
        case .malformedPEM: "not a PEM key file (no BEGIN and END lines)"
        case .notEd25519PrivateKey: "not an Ed25519 private key in PKCS#8"
        case .notEd25519PublicKey: "not an Ed25519 public key in SubjectPublicKeyInfo"
        case .encrypted: "the private key is encrypted; decrypt it with 'openssl pkey -in FILE -out PLAIN'"
        case .openSSH: "an OpenSSH key; only PKCS#8 PEM is read"
        case .privateWherePublicExpected: "a private key where a public one is expected"
        case .publicWherePrivateExpected: "a public key where a private one is expected"
        }
    }
}
