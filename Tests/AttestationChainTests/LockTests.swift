import AttestationChain
import Foundation
import TestSupport
import Testing

@Suite struct LockTests {
    @Test func oneWriterOfAProcess() throws {
        let chain = try TestChain()
        var writer = try chain.writer()
        for wait in [LockWait.fail, .wait(upTo: .milliseconds(20))] {
            let error = #expect(throws: ChainError.self) {
                _ = try ChainWriter(opening: chain.path, signer: chain.key, lock: wait)
            }
            #expect(error?.code == .lockedByThisProcess)
        }
        try writer.append(TestChain.draft(1))
        try writer.close()
        _ = try ChainWriter(opening: chain.path, signer: chain.key)
    }

    /// Holds the lock as the older store's writers do, from another process, until told to end.
    @Test func oneWriterOfTheMachine() throws {
        let chain = try TestChain()
        let holder = Process()
        holder.executableURL = URL(filePath: "/usr/bin/env")
        holder.arguments = [
            "python3", "-c",
            """
            import fcntl, sys
            f = open(sys.argv[1], 'ab'); fcntl.flock(f, fcntl.LOCK_EX)
            print('held', flush=True); sys.stdin.read()
            """, chain.path + "/chain.bin",
        ]
        let (input, output) = (Pipe(), Pipe())
        holder.standardInput = input
        holder.standardOutput = output
        try holder.run()
        #expect(try output.fileHandleForReading.read(upToCount: 5) == Data("held\n".utf8))

        let before = try chain.folder.contents()
        let error = #expect(throws: ChainError.self) { _ = try chain.writer() }
        #expect(error?.code == .locked)
        #expect(try chain.folder.contents() == before)
        // Readers do not mind.
        #expect(try chain.verdict().outcome == .valid)

        try input.fileHandleForWriting.close()
        var writer = try ChainWriter(opening: chain.path, signer: chain.key, lock: .wait(upTo: .seconds(60)))
        #expect(try writer.append(TestChain.draft(1)).index == 1)
        holder.waitUntilExit()
    }

    @Test func waitingIsForAsLongAsWasSaid() throws {
        // A wait too long for the clock's arithmetic must neither trap nor end at once: the lock is free by then.
        let chain = try TestChain()
        chain.system.holdLocks(until: 3)
        let writer = try ChainWriter(
            opening: chain.path, signer: chain.key, lock: .wait(upTo: .seconds(Int64.max)), system: chain.system,
            environment: chain.environment)
        try writer.close()
        #expect(chain.system.counts.calls["flock"] == 3)
    }

    @Test func aFileSystemWithoutLocksIsRefused() throws {
        let chain = try TestChain()
        chain.system.plan("flock", [.error(ENOLCK)])
        let error = #expect(throws: ChainError.self) { _ = try chain.writer() }
        #expect(error?.code == .lockingUnsupported)
        try chain.writer().close()
    }
}
