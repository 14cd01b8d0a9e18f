public import ChainCrypto

extension SigningKey {
    /// Reads an Ed25519 private key in PKCS#8 PEM, as `chainctl key generate` and `openssl genpkey` write it.
    ///
    /// - Throws: ``ChainError``: `notFound`; `key` when the file is not such a key; `exposedKey` when others may read it.
    public convenience init(contentsOf path: String) throws(ChainError) {
        try self.init(seed: KeyFile.seed(path, system: PosixSystem()))
    }
}

extension PublicKey {
    /// Reads an Ed25519 public key in SubjectPublicKeyInfo PEM.
    ///
    /// - Throws: ``ChainError``: `notFound`; `key` when the file is not such a key.
    public init(contentsOf path: String) throws(ChainError) {
        self = try KeyFile.publicKey(path, system: PosixSystem())
    }
}

/// Key files: read, and made once.
public enum KeyFile {
    /// Suffix of the public key beside a private one.
    public static let publicSuffix = ".pub"

    /// Makes a new key: `path` (PKCS#8 PEM, mode 0600) and `path`.pub (SubjectPublicKeyInfo PEM).
    ///
    /// Each file appears whole or not at all, private from its first byte, and nothing is ever overwritten.
    ///
    /// - Throws: ``ChainError``, notably `alreadyExists`.
    public static func generate(_ path: String) throws(ChainError) -> PublicKey {
        let system = PosixSystem()
        for name in [path, path + publicSuffix] where (try? system.status(of: name, in: nil)) != nil {
            throw ChainError(.alreadyExists, "exists already; a key is never overwritten", path: name)
        }
        let key = SigningKey()
        let pem = KeyPEM.encode(key)
        unsafe try pem.withUnsafeBytes { bytes throws(ChainError) in
            try unsafe write(Span(_unsafeBytes: bytes), to: path, permissions: 0o600, system: system)
        }
        try write(KeyPEM.encode(key.publicKey).span, to: path + publicSuffix, permissions: 0o644, system: system)
        return key.publicKey
    }

    static func seed(_ path: String, system: any SystemCalls) throws(ChainError) -> SecretBytes {
        let pem = try contents(path, isPrivate: true, system: system)
        do throws(KeyError) {
            return try KeyPEM.seed(pem)
        } catch {
            throw ChainError(.key, error.description, path: path)
        }
    }

    static func publicKey(_ path: String, system: any SystemCalls) throws(ChainError) -> PublicKey {
        let pem = try contents(path, isPrivate: false, system: system)
        do throws(KeyError) {
            return try KeyPEM.publicKey(pem)
        } catch {
            throw ChainError(.key, error.description, path: path)
        }
    }

    /// A key file's bytes, in guarded memory.
    private static func contents(
        _ path: String, isPrivate: Bool, system: any SystemCalls
    ) throws(ChainError) -> SecretBytes {
        let file = try OpenFile(path, .read, system: system)
        let status = try file.status()
        guard status.kind == .regular, (1...KeyPEM.maximumFileSize).contains(status.size) else {
            throw ChainError(.key, "not a key file", path: path)
        }
        if isPrivate, status.permissions & 0o077 != 0 {
            throw ChainError(.exposedKey, "others may read this private key; type: chmod 600 '\(path)'", path: path)
        }
        return unsafe try SecretBytes(count: status.size) { (buffer) throws(ChainError) in
            guard try unsafe file.read(into: buffer, at: 0) == buffer.count else {
                throw ChainError(.inputOutput, "the file became shorter while it was read", path: path)
            }
        }
    }

    /// Makes a file in one step: written under a name of its own, then linked, which fails where something is.
    private static func write(
        _ bytes: Span<UInt8>, to path: String, permissions: UInt16, system: any SystemCalls
    ) throws(ChainError) {
        let parts = path.utf8.lastIndex(of: UInt8(ascii: "/"))
        let name = parts.map { String(path[path.index(after: $0)...]) } ?? path
        let parent = parts.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        guard !name.isEmpty else { throw ChainError(.key, "not a file name", path: path) }
        let directory = try OpenFile(parent, .directory, system: system)
        let temporary = ".\(name).\(Hex.encode(SystemRandom.bytes(count: 8)))"
        let file = try OpenFile(temporary, in: directory, .writeNew, permissions: permissions, system: system)
        do throws(SystemCallError) {
            defer { _ = try? system.unlink(temporary, in: directory.descriptor) }
            try file.write(bytes, at: 0)
            try system.synchronizeData(file.descriptor)
            try system.link(temporary, to: name, in: directory.descriptor)
        } catch {
            throw ChainError(error, path: path)
        }
        do throws(SystemCallError) {
            try system.synchronize(directory.descriptor)
        } catch {
            throw ChainError(error, path: path)
        }
    }
}
