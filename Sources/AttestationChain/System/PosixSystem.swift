#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// The real system. The only file of the store that names a system call or errno.
package struct PosixSystem: SystemCalls {
    package init() {}

    package func open(
        _ path: String, in directory: Int32?, _ mode: OpenMode, permissions: UInt16
    ) throws(SystemCallError) -> Int32 {
        let flags =
            O_CLOEXEC | O_NONBLOCK
            | {
                switch mode {
                case .read: O_RDONLY
                case .readWrite: O_RDWR | O_NOFOLLOW
                case .readWriteCreating: O_RDWR | O_NOFOLLOW | O_CREAT
                case .writeNew: O_RDWR | O_NOFOLLOW | O_CREAT | O_EXCL
                case .directory: O_RDONLY | O_DIRECTORY
                }
            }()
        try Self.check(path)
        let descriptor = try Self.retrying("open") {
            unsafe openat(directory ?? AT_FDCWD, path, flags, mode_t(permissions))
        }
        guard descriptor <= 2 else { return descriptor }
        // Started with a standard stream closed: what is printed there must not end up in the chain.
        defer { _ = posixClose(descriptor) }
        return try Self.once("fcntl") { fcntl(descriptor, F_DUPFD_CLOEXEC, 3) }
    }

    package func close(_ descriptor: Int32) {
        // Not retried after EINTR (close(2)): the descriptor is gone either way, and may be another file's by now.
        _ = posixClose(descriptor)
    }

    package func read(
        _ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer, at offset: Int
    ) throws(SystemCallError) -> Int {
        try Self.retrying("pread") { unsafe pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset)) }
    }

    package func write(
        _ descriptor: Int32, _ buffer: UnsafeRawBufferPointer, at offset: Int
    ) throws(SystemCallError) -> Int {
        try Self.retrying("pwrite") { unsafe pwrite(descriptor, buffer.baseAddress, buffer.count, off_t(offset)) }
    }

    package func synchronizeData(_ descriptor: Int32) throws(SystemCallError) {
        #if canImport(Darwin)
        // fsync(2) on macOS does not reach the medium.
        _ = try Self.once("fcntl(F_FULLFSYNC)") { fcntl(descriptor, F_FULLFSYNC) }
        #else
        _ = try Self.once("fdatasync") { fdatasync(descriptor) }
        #endif
    }

    package func synchronize(_ descriptor: Int32) throws(SystemCallError) {
        #if canImport(Darwin)
        _ = try Self.once("fcntl(F_FULLFSYNC)") { fcntl(descriptor, F_FULLFSYNC) }
        #else
        _ = try Self.once("fsync") { fsync(descriptor) }
        #endif
    }

    package func truncate(_ descriptor: Int32, to size: Int) throws(SystemCallError) {
        _ = try Self.retrying("ftruncate") { ftruncate(descriptor, off_t(size)) }
    }

    package func status(_ descriptor: Int32) throws(SystemCallError) -> FileStatus {
        var status = stat()
        _ = try Self.once("fstat") { unsafe fstat(descriptor, &status) }
        return Self.status(status)
    }

    package func status(of path: String, in directory: Int32?) throws(SystemCallError) -> FileStatus {
        try Self.check(path)
        var status = stat()
        _ = try Self.once("fstatat") { unsafe fstatat(directory ?? AT_FDCWD, path, &status, AT_SYMLINK_NOFOLLOW) }
        return Self.status(status)
    }

    package func tryLock(_ descriptor: Int32) throws(SystemCallError) -> Bool {
        do throws(SystemCallError) {
            _ = try Self.retrying("flock") { flock(descriptor, LOCK_EX | LOCK_NB) }
            return true
        } catch {
            if error.errorNumber == EWOULDBLOCK { return false }
            throw error
        }
    }

    package func unlock(_ descriptor: Int32) throws(SystemCallError) {
        _ = try Self.retrying("flock") { flock(descriptor, LOCK_UN) }
    }

    package func rename(_ path: String, to target: String, in directory: Int32) throws(SystemCallError) {
        _ = try Self.once("rename") { unsafe renameat(directory, path, directory, target) }
    }

    package func unlink(_ path: String, in directory: Int32) throws(SystemCallError) {
        _ = try Self.once("unlink") { unsafe unlinkat(directory, path, 0) }
    }

    package func link(_ path: String, to target: String, in directory: Int32) throws(SystemCallError) {
        _ = try Self.once("link") { unsafe linkat(directory, path, directory, target, 0) }
    }

    package func makeDirectory(_ path: String, permissions: UInt16) throws(SystemCallError) {
        try Self.check(path)
        _ = try Self.once("mkdir") { unsafe mkdir(path, mode_t(permissions)) }
    }

    package func sleep(milliseconds: Int) {
        var duration = timespec(tv_sec: milliseconds / 1000, tv_nsec: milliseconds % 1000 * 1_000_000)
        // A signal may end it early; every caller looks again anyway.
        _ = unsafe nanosleep(&duration, nil)
    }

    package func uptimeMilliseconds() -> Int {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Int(time.tv_sec) * 1000 + Int(time.tv_nsec) / 1_000_000
    }

    package func processID() -> Int32 { getpid() }

    private static func status(_ status: stat) -> FileStatus {
        let kind: FileStatus.Kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .regular
            case S_IFDIR: .directory
            case S_IFLNK: .symbolicLink
            default: .other
            }
        #if canImport(Darwin)
        let (modified, changed) = (status.st_mtimespec, status.st_ctimespec)
        #else
        let (modified, changed) = (status.st_mtim, status.st_ctim)
        #endif
        return FileStatus(
            kind: kind,
            identity: FileIdentity(
                device: UInt64(truncatingIfNeeded: status.st_dev), inode: UInt64(truncatingIfNeeded: status.st_ino)),
            linkCount: Int(status.st_nlink), size: Int(status.st_size), permissions: UInt16(status.st_mode & 0o7777),
            modifiedNanoseconds: nanoseconds(modified), changedNanoseconds: nanoseconds(changed))
    }

    private static func nanoseconds(_ time: timespec) -> Int64 {
        Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }

    /// A C string ends at the first zero byte, so such a path would name another file.
    private static func check(_ path: String) throws(SystemCallError) {
        if path.utf8.contains(0) { throw failure("open", EINVAL) }
    }

    private static func once<Result: SignedInteger>(
        _ call: String, _ body: () -> Result
    ) throws(SystemCallError) -> Result {
        let result = body()
        if result == -1 { throw failure(call, errno) }
        return result
    }

    private static func retrying<Result: SignedInteger>(
        _ call: String, _ body: () -> Result
    ) throws(SystemCallError) -> Result {
        while true {
            let result = body()
            if result != -1 { return result }
            let number = errno
            if number != EINTR { throw failure(call, number) }
        }
    }

    private static func failure(_ call: String, _ number: Int32) -> SystemCallError {
        // strerror may share a buffer between threads; strerror_r's two variants differ between C libraries.
        let text = unsafe String(cString: strerror(number))
        return SystemCallError(call: call, errorNumber: number, description: "\(call): \(text)")
    }
}

/// `close` is also the name of a method above.
private func posixClose(_ descriptor: Int32) -> Int32 { close(descriptor) }

extension SystemCallError {
    /// What an error number means to a caller of the store.
    package enum Meaning: Sendable {
        case notFound, exists, permission, isDirectory, symbolicLink, noSpace, input, lockingUnsupported, other
    }

    package var meaning: Meaning {
        switch errorNumber {
        case ENOENT, ENOTDIR: .notFound
        case EEXIST: .exists
        case EACCES, EPERM, EROFS: .permission
        case EISDIR: .isDirectory
        // open(2): O_NOFOLLOW and the last component is a symbolic link.
        case ELOOP: .symbolicLink
        case ENOSPC, EDQUOT, EFBIG: .noSpace
        case EIO: .input
        case ENOLCK, EOPNOTSUPP, ENOSYS: .lockingUnsupported
        default: .other
        }
    }
}
