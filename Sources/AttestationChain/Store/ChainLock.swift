internal import Synchronization

/// How long to wait for another writer.
public enum LockWait: Sendable, Hashable {
    case fail
    case wait(upTo: Duration)
}

/// The exclusive lock on chain.bin: flock(2), as the older store's writers take it, so that both kinds exclude each other.
///
/// flock belongs to the open file, not to the process, so a second writer of this process would wait for the first for
/// ever. The process's own locks are therefore known by name.
package final class ChainLock: Sendable {
    package let file: OpenFile
    private let held: Held

    /// A lock that this process holds; a fork's copy of the list is the parent's.
    private struct Held: Hashable {
        let file: FileIdentity
        let process: Int32
    }

    private static let heldByThisProcess = Mutex<Set<Held>>([])
    private static let longestPauseMilliseconds = 50

    /// Opens chain.bin in `directory`, locks it, and makes sure that the name still means the file that is open.
    package init(_ directory: OpenFile, _ mode: OpenMode, wait: LockWait) throws(ChainError) {
        let system = directory.system
        let name = ChainLocation.chainName
        let file = try OpenFile(name, in: directory, mode, system: system)
        let status = try file.status()
        guard status.kind == .regular else {
            throw ChainError(.notAChainFile, "not a regular file; refusing to write to it", path: file.path)
        }
        guard status.linkCount == 1 else {
            throw ChainError(
                .notAChainFile, "has \(status.linkCount) hard links; refusing to write to a file with other names",
                path: file.path)
        }
        let held = Held(file: status.identity, process: system.processID())
        // From here on deinit releases: nothing may be set before the lock is ours.
        try Self.acquire(file, held, wait)
        self.file = file
        self.held = held
        let named: FileStatus
        do throws(SystemCallError) {
            named = try system.status(of: name, in: directory.descriptor)
        } catch {
            throw ChainError(
                .replaced, "moved away while it was being locked; try again", path: file.path, cause: error)
        }
        guard named.identity == status.identity else {
            throw ChainError(
                .replaced, "replaced by another file while it was being locked; try again", path: file.path)
        }
    }

    deinit { release() }

    /// Whether this is still the process that took the lock: a fork shares the lock and must not write.
    package var isOwnedByThisProcess: Bool { file.system.processID() == held.process }

    private static func acquire(_ file: OpenFile, _ lock: Held, _ wait: LockWait) throws(ChainError) {
        let system = file.system
        let start = system.uptimeMilliseconds()
        let patience: Int =
            switch wait {
            case .fail: 0
            case .wait(let limit): Self.milliseconds(limit)
            }
        var pause = 1
        while true {
            let isMine = heldByThisProcess.withLock { !$0.insert(lock).inserted }
            if !isMine {
                do throws(SystemCallError) {
                    if try system.tryLock(file.descriptor) { return }
                } catch {
                    forget(lock)
                    throw ChainError(error, path: file.path)
                }
                forget(lock)
            }
            guard system.uptimeMilliseconds() - start < patience else {
                if isMine {
                    throw ChainError(
                        .lockedByThisProcess, "another writer of this process has the chain open", path: file.path)
                }
                throw ChainError(
                    .locked, "another process is writing to this chain; try again, or wait for it", path: file.path)
            }
            system.sleep(milliseconds: pause)
            pause = min(pause * 2, longestPauseMilliseconds)
        }
    }

    /// Clamped: a wait for ever is as good as one for a hundred million years.
    private static func milliseconds(_ duration: Duration) -> Int {
        let seconds = min(max(duration.components.seconds, 0), Int64.max / 4000)
        return Int(seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000)
    }

    private static func forget(_ lock: Held) {
        heldByThisProcess.withLock { _ = $0.remove(lock) }
    }

    private func release() {
        // In a fork the lock is the parent's, and closing the child's copy of the descriptor leaves it there.
        guard isOwnedByThisProcess else { return }
        // Closing the file would release it too; doing it first lets a waiting writer of this process in.
        _ = try? file.system.unlock(file.descriptor)
        Self.forget(held)
    }
}
