/// The system calls of the store, one function each: the seam where tests put a file system of their own.
///
/// The functions do what the call of the same name does and give errno its meaning as a ``SystemCallError``; order and
/// retries beyond EINTR are their callers' business. Descriptors are plain numbers here; ``OpenFile`` owns them.
package protocol SystemCalls: Sendable {
    /// openat(2) with `O_CLOEXEC | O_NONBLOCK`; the latter so that a FIFO in a file's place cannot block.
    func open(_ path: String, in directory: Int32?, _ mode: OpenMode, permissions: UInt16) throws(SystemCallError)
        -> Int32
    func close(_ descriptor: Int32)
    /// pread(2): fewer bytes than asked for near the end of the file, 0 at its end.
    func read(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(SystemCallError)
        -> Int
    /// pwrite(2): may write fewer bytes than given.
    func write(_ descriptor: Int32, _ buffer: UnsafeRawBufferPointer, at offset: Int) throws(SystemCallError) -> Int
    /// fdatasync(2): file content and size are on disk when it returns. On macOS `F_FULLFSYNC`.
    func synchronizeData(_ descriptor: Int32) throws(SystemCallError)
    /// fsync(2): also for directories.
    func synchronize(_ descriptor: Int32) throws(SystemCallError)
    func truncate(_ descriptor: Int32, to size: Int) throws(SystemCallError)
    func status(_ descriptor: Int32) throws(SystemCallError) -> FileStatus
    /// fstatat(2), not following a symbolic link at the end of `path`.
    func status(of path: String, in directory: Int32?) throws(SystemCallError) -> FileStatus
    /// flock(2) with `LOCK_EX | LOCK_NB`; false when another open file holds the lock.
    func tryLock(_ descriptor: Int32) throws(SystemCallError) -> Bool
    func unlock(_ descriptor: Int32) throws(SystemCallError)
    func rename(_ path: String, to target: String, in directory: Int32) throws(SystemCallError)
    func unlink(_ path: String, in directory: Int32) throws(SystemCallError)
    /// linkat(2): fails with EEXIST rather than replace.
    func link(_ path: String, to target: String, in directory: Int32) throws(SystemCallError)
    func makeDirectory(_ path: String, permissions: UInt16) throws(SystemCallError)
    func sleep(milliseconds: Int)
    /// Monotonic time.
    func uptimeMilliseconds() -> Int
    func processID() -> Int32
}

package enum OpenMode: Sendable {
    /// Follows symbolic links: reading is harmless.
    case read
    /// Refuses a symbolic link at the end of the path.
    case readWrite
    /// As `readWrite`, and makes the file when it is missing.
    case readWriteCreating
    /// Makes the file; fails when anything is there.
    case writeNew
    case directory
}

/// What fstat(2) says.
package struct FileStatus: Sendable, Equatable {
    package enum Kind: Sendable { case regular, directory, symbolicLink, other }
    package var kind: Kind
    /// Device and inode: what makes two descriptors the same file.
    package var identity: FileIdentity
    package var linkCount: Int
    package var size: Int
    /// Permission bits.
    package var permissions: UInt16
    package var modifiedNanoseconds: Int64
    package var changedNanoseconds: Int64

    package init(
        kind: Kind, identity: FileIdentity, linkCount: Int, size: Int, permissions: UInt16, modifiedNanoseconds: Int64,
        changedNanoseconds: Int64
    ) {
        self.kind = kind
        self.identity = identity
        self.linkCount = linkCount
        self.size = size
        self.permissions = permissions
        self.modifiedNanoseconds = modifiedNanoseconds
        self.changedNanoseconds = changedNanoseconds
    }
}

package struct FileIdentity: Sendable, Hashable {
    package var device: UInt64
    package var inode: UInt64

    package init(device: UInt64, inode: UInt64) {
        self.device = device
        self.inode = inode
    }
}

/// A system call that failed.
public struct SystemCallError: Error, Sendable, Hashable, CustomStringConvertible {
    public let call: String
    /// As errno(3) numbers it.
    public let errorNumber: Int32
    public let description: String

    package init(call: String, errorNumber: Int32, description: String) {
        self.call = call
        self.errorNumber = errorNumber
        self.description = description
    }
}
