import Foundation
import Testing

/// What may stand where a chain's file is written: nothing but the file itself. And who may write, and when.
@Suite struct WritingPlacesTests {
    @Test func nothingButARegularFileWithOneName() throws {
        let workspace = try Workspace.withRecords(1)
        let whole = try workspace.chainBytes
        try workspace.shell("mv evidence/chain.bin elsewhere")
        for (line, message) in [
            ("mkfifo evidence/chain.bin", "not a regular file"),
            ("mkdir evidence/chain.bin", "chain.bin"),
            ("ln -s ../elsewhere evidence/chain.bin", "chain.bin"),
            ("ln elsewhere evidence/chain.bin", "2 hard links"),
        ] {
            try workspace.shell("rm -rf evidence/chain.bin; \(line)")
            let outcome = try workspace.run("append", "evidence", "--key", "signer.pem", "0.txt")
            outcome.expectError(65, message)
            #expect(try workspace.run("repair", "evidence").status == 65)
            #expect(try workspace.run("init", "evidence", "--key", "signer.pem").status == 65)
            #expect(try workspace.read("elsewhere") == whole)
        }
        try workspace.shell("rm -rf evidence/chain.bin")
        try workspace.run("append", "evidence", "--key", "signer.pem", "0.txt").expectError(66, "'init' begins one")
        #expect(!workspace.exists("evidence/chain.bin"))
    }

    @Test func aLockedChain() throws {
        let workspace = try Workspace.withRecords(1)
        try workspace.must("key", "generate", "next.pem")
        let before = try workspace.chainBytes
        let lock = try #require(FileLock("\(workspace.path)/evidence/chain.bin"))
        for arguments in [
            ["append", "evidence", "--key", "signer.pem", "0.txt"],
            ["append", "evidence", "--key", "signer.pem", "0.txt", "--wait", "1"],
            ["rotate", "evidence", "--key", "signer.pem", "--new-key", "next.pem"], ["repair", "evidence"],
        ] {
            try workspace.run(Workspace.tool, arguments, input: nil, environment: [:])
                .expectError(75, "evidence/chain.bin: another process is writing", "--wait SECONDS")
        }
        // Readers do not care.
        for command in ["log", "verify", "inspect", "export"] { try workspace.must(command, "evidence") }
        #expect(try workspace.chainBytes == before)
        lock.release()
        try workspace.must("append", "evidence", "--key", "signer.pem", "0.txt")
    }

    #if os(Linux)
    @Test func waitingForTheLock() throws {
        let workspace = try Workspace.withRecords(1)
        let path = "\(workspace.path)/evidence/chain.bin"
        let lock = try #require(FileLock(path))
        let waiting = try workspace.start(
            Workspace.tool, ["append", "evidence", "--key", "signer.pem", "0.txt", "--wait", "600"])
        // It has come to the lock once it has the file open for writing.
        let descriptors = "/proc/\(waiting.process.processIdentifier)/fd"
        while waiting.process.isRunning {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: descriptors)) ?? []
            let links = names.compactMap {
                try? FileManager.default.destinationOfSymbolicLink(atPath: "\(descriptors)/\($0)")
            }
            if links.contains(where: { $0.hasSuffix("/evidence/chain.bin") }) { break }
        }
        #expect(waiting.process.isRunning)
        lock.release()
        #expect(try waiting.outcome().status == 0)
    }
    #endif

    /// A chain in a directory that only root may enter or write to.
    @Test(
        .enabled(if: Machine.isRoot && Machine.hasSetpriv, "needs root and setpriv"),
        arguments: [
            ("append evidence --key nobody.pem 0.txt", Int32(77)), ("repair evidence", 77), ("log evidence", 0),
            ("verify evidence", 0), ("verify hidden", 77), ("append hidden --key nobody.pem 0.txt", 77),
            ("init evidence/new --key nobody.pem", 77), ("append evidence --key signer.pem 0.txt", 77),
            ("key show signer.pem", 77), ("key generate new.pem", 77), ("check evidence secret", 77),
            ("append evidence --key nobody.pem secret", 77),
        ])
    func withoutPermission(line: String, status: Int32) throws {
        let workspace = try Workspace.withRecords(1)
        try workspace.shell(
            """
            cp -r evidence hidden; chmod 700 hidden; echo x > secret; chmod 600 secret
            cp signer.pem nobody.pem; chown 65534 nobody.pem
            """)
        let before = try workspace.chainBytes
        let outcome = try workspace.shell("setpriv --reuid=65534 --regid=65534 --clear-groups chainctl \(line)")
        #expect(outcome.status == status, "\(outcome.errors)")
        if status != 0 { outcome.expectError(status, "ermission denied") }
        #expect(try workspace.chainBytes == before)
        #expect(try workspace.names("evidence") == ["chain.bin", "state.cbor"])
    }
}
