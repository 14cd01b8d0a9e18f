import Foundation
import Testing

@Suite struct KeyCommandTests {
    @Test func generateMakesBothFiles() throws {
        let workspace = try Workspace()
        let made = try workspace.must("key", "generate", "a.pem")
        #expect(try workspace.names(".") == ["a.pem", "a.pem.pub"])
        #expect(try workspace.permissions("a.pem") == 0o600)
        #expect(String(decoding: try workspace.read("a.pem"), as: UTF8.self).hasPrefix("-----BEGIN PRIVATE KEY-----\n"))
        let shown = try workspace.must("key", "show", "a.pem")
        #expect(shown.lines[1] == made.lines[2])
        #expect(try workspace.must("key", "show", "a.pem.pub").output == shown.output)
        #expect(made.errors.isEmpty && shown.errors.isEmpty)
    }

    @Test func generateAndShowAsJSON() throws {
        let workspace = try Workspace()
        let made = try workspace.must("key", "generate", "a.pem", "--json").json()
        #expect(Set(made.keys) == ["path", "public_path", "public_key", "fingerprint"])
        let shown = try workspace.must("key", "show", "a.pem", "--json").json()
        #expect(Set(shown.keys) == ["public_key", "fingerprint"])
        #expect(shown["public_key"] as? String == made["public_key"] as? String)
        #expect(shown["fingerprint"] as? String == made["fingerprint"] as? String)
        #expect((shown["public_key"] as? String)?.wholeMatch(of: /[0-9a-f]{64}/) != nil)
    }

    @Test(arguments: ["a.pem", "a.pem.pub"])
    func generateNeverOverwrites(existing: String) throws {
        let workspace = try Workspace()
        try workspace.write("mine", to: existing)
        try workspace.run("key", "generate", "a.pem").expectError(73, existing, "never overwritten")
        #expect(try workspace.names(".") == [existing])
        #expect(try workspace.read(existing) == Data("mine".utf8))
    }

    @Test func generateIntoAMissingDirectory() throws {
        try Workspace().run("key", "generate", "no/a.pem").expectError(66, "no")
    }

    @Test func showRefusesWhatIsNoKey() throws {
        let workspace = try Workspace()
        try workspace.write("hello", to: "a.pem")
        try workspace.run("key", "show", "a.pem").expectError(77, "chmod 600")
        try workspace.shell("chmod 600 a.pem; mkdir d; mkfifo f; : > empty; chmod 600 empty")
        try workspace.run("key", "show", "a.pem").expectError(65, "a.pem", "not a PEM key file")
        try workspace.run("key", "show", "d").expectError(65, "d: ", "not a key file")
        try workspace.run("key", "show", "f").expectError(65, "f: ", "not a key file")
        try workspace.run("key", "show", "empty").expectError(65, "not a key file")
        try workspace.run("key", "show", "missing").expectError(66, "missing", "No such file")
    }

    @Test func aKeyThatOthersMayReadIsRefused() throws {
        let workspace = try Workspace.withChain()
        try workspace.shell("chmod 640 signer.pem")
        let before = try workspace.chainBytes
        try workspace.run("key", "show", "signer.pem").expectError(77, "others may read", "chmod 600 'signer.pem'")
        try workspace.run("append", "evidence", "--key", "signer.pem", "signer.pem.pub").expectError(77, "chmod 600")
        #expect(try workspace.chainBytes == before)
    }

    @Test func withoutAKeyBothWaysAreNamed() throws {
        let workspace = try Workspace.withChain()
        for arguments in [
            ["init", "x"], ["append", "evidence", "signer.pem.pub"], ["rotate", "evidence", "--new-key", "x"],
        ] {
            try workspace.run(Workspace.tool, arguments, input: nil, environment: [:])
                .expectError(64, "--key FILE", "CHAINCTL_KEY")
            try workspace.run(Workspace.tool, arguments, input: nil, environment: ["CHAINCTL_KEY": ""])
                .expectError(64, "--key FILE", "CHAINCTL_KEY")
        }
    }

    @Test func theEnvironmentNamesTheKey() throws {
        let workspace = try Workspace.withChain()
        let appended = try workspace.run(
            "append", "evidence", "signer.pem.pub", environment: ["CHAINCTL_KEY": "signer.pem"])
        #expect(appended.status == 0)
        // --key goes first.
        try workspace.run(
            "append", "evidence", "signer.pem.pub", "--key", "missing", environment: ["CHAINCTL_KEY": "signer.pem"]
        ).expectError(66, "missing")
    }

    @Test(.enabled(if: Machine.hasOpenSSL, "openssl is missing"))
    func keysOfOpenSSLAreRead() throws {
        let workspace = try Workspace()
        try workspace.shell(
            "umask 077; openssl genpkey -algorithm ed25519 -out o.pem; openssl pkey -in o.pem -pubout -out o.pub")
        let raw = try workspace.shell(
            "openssl pkey -pubin -in o.pub -outform DER | tail -c 32 | od -An -tx1 | tr -d ' \\n'")
        for file in ["o.pem", "o.pub"] {
            #expect(try workspace.must("key", "show", file, "--json").json()["public_key"] as? String == raw.output)
        }
        try workspace.must("init", "chain", "--key", "o.pem")
        try workspace.must("verify", "chain")
    }

    @Test(.enabled(if: Machine.hasOpenSSL, "openssl is missing"))
    func opensslReadsOurKeys() throws {
        let workspace = try Workspace()
        let key = try workspace.must("key", "generate", "a.pem", "--json").json()["public_key"] as? String
        let fromPrivate = try workspace.shell(
            "openssl pkey -in a.pem -pubout -outform DER | tail -c 32 | od -An -tx1 | tr -d ' \\n'")
        let fromPublic = try workspace.shell(
            "openssl pkey -pubin -in a.pem.pub -outform DER | tail -c 32 | od -An -tx1 | tr -d ' \\n'")
        #expect(fromPrivate.output == key)
        #expect(fromPublic.output == key)
    }

    @Test(.enabled(if: Machine.hasOpenSSL, "openssl is missing"))
    func otherKindsOfKeysAreRefused() throws {
        let workspace = try Workspace()
        try workspace.shell(
            """
            umask 077
            openssl genpkey -algorithm x25519 -out x.pem
            openssl genpkey -algorithm ed25519 -aes256 -pass pass:x -out sealed.pem
            """)
        try workspace.run("key", "show", "x.pem").expectError(65, "not an Ed25519 private key")
        try workspace.run("key", "show", "sealed.pem").expectError(65, "encrypted", "openssl pkey")
    }
}
