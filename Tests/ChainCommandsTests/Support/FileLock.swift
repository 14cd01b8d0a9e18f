#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// An exclusive flock(2) on a file, held by this process.
final class FileLock {
    private let descriptor: Int32

    /// Nil when the file cannot be opened or locked.
    init?(_ path: String) {
        descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return nil }
    }

    func release() { flock(descriptor, LOCK_UN) }

    deinit { close(descriptor) }
}
