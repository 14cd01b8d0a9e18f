package import AttestationChain
import Synchronization

/// The real system, counted, and told to fail where a test wants it to.
package final class ObservedSystem: SystemCalls {
    package struct Counts: Sendable, Equatable {
        package var calls: [String: Int] = [:]
        package var bytesRead = 0
        package var bytesWritten = 0
    }

    /// What to do instead of a call.
    package enum Fault: Sendable {
        case error(Int32)
        /// Writes at most this many bytes, and says so.
        case short(Int)
    }

    private struct State: Sendable {
        var counts = Counts()
        var faults: [String: [Fault?]] = [:]
        var processID: Int32?
        var locksHeldUntil = 0
    }

    private let base = PosixSystem()
    private let state = Mutex(State())

    package init() {}

    package var counts: Counts { state.withLock { $0.counts } }
    package func reset() { state.withLock { $0.counts = Counts() } }

    /// The next calls of a name: nil lets one through. Behind the list everything is let through.
    package func plan(_ call: String, _ faults: [Fault?]) { state.withLock { $0.faults[call] = faults } }
    /// What `processID` says from now on: a fork without forking.
    package func pretendProcess(_ id: Int32) { state.withLock { $0.processID = id } }

    /// Answers as if another process held every lock, until the n-th attempt since ``reset()``.
    package func holdLocks(until attempt: Int) {
        state.withLock { state in
            state.counts = Counts()
            state.locksHeldUntil = attempt
        }
    }

    private func enter(_ call: String) throws(SystemCallError) -> Int? {
        let fault: Fault? = state.withLock { state in
            state.counts.calls[call, default: 0] += 1
            guard let planned = state.faults[call], !planned.isEmpty else { return nil }
            state.faults[call]?.removeFirst()
            return planned[0]
        }
        switch fault {
        case nil: return nil
        case .short(let size): return size
        case .error(let number):
            throw SystemCallError(call: call, errorNumber: number, description: "\(call): injected error \(number)")
        }
    }

    package func open(_ path: String, in directory: Int32?, _ mode: OpenMode, permissions: UInt16)
        throws(SystemCallError) -> Int32
    {
        _ = try enter("open")
        return try base.open(path, in: directory, mode, permissions: permissions)
    }
    package func close(_ descriptor: Int32) { base.close(descriptor) }
    package func read(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer, at offset: Int)
        throws(SystemCallError) -> Int
    {
        let limit = try enter("pread")
        let part = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(buffer.count, limit ?? .max)])
        let count = try unsafe base.read(descriptor, into: part, at: offset)
        state.withLock { $0.counts.bytesRead += count }
        return count
    }
    package func write(_ descriptor: Int32, _ buffer: UnsafeRawBufferPointer, at offset: Int) throws(SystemCallError)
        -> Int
    {
        let limit = try enter("pwrite")
        let part = unsafe UnsafeRawBufferPointer(rebasing: buffer[..<min(buffer.count, limit ?? .max)])
        let count = try unsafe base.write(descriptor, part, at: offset)
        state.withLock { $0.counts.bytesWritten += count }
        return count
    }
    package func synchronizeData(_ descriptor: Int32) throws(SystemCallError) {
        _ = try enter("fdatasync")
        try base.synchronizeData(descriptor)
    }
    package func synchronize(_ descriptor: Int32) throws(SystemCallError) {
        _ = try enter("fsync")
        try base.synchronize(descriptor)
    }
    package func truncate(_ descriptor: Int32, to size: Int) throws(SystemCallError) {
        _ = try enter("ftruncate")
        try base.truncate(descriptor, to: size)
    }
    package func status(_ descriptor: Int32) throws(SystemCallError) -> FileStatus {
        _ = try enter("fstat")
        return try base.status(descriptor)
    }
    package func status(of path: String, in directory: Int32?) throws(SystemCallError) -> FileStatus {
        _ = try enter("fstatat")
        return try base.status(of: path, in: directory)
    }
    package func tryLock(_ descriptor: Int32) throws(SystemCallError) -> Bool {
        _ = try enter("flock")
        if state.withLock({ $0.counts.calls["flock", default: 0] < $0.locksHeldUntil }) { return false }
        return try base.tryLock(descriptor)
    }
    package func unlock(_ descriptor: Int32) throws(SystemCallError) { try base.unlock(descriptor) }
    package func rename(_ path: String, to target: String, in directory: Int32) throws(SystemCallError) {
        _ = try enter("rename")
        try base.rename(path, to: target, in: directory)
    }
    package func unlink(_ path: String, in directory: Int32) throws(SystemCallError) {
        _ = try enter("unlink")
        try base.unlink(path, in: directory)
    }
    package func link(_ path: String, to target: String, in directory: Int32) throws(SystemCallError) {
        _ = try enter("link")
        try base.link(path, to: target, in: directory)
    }
    package func makeDirectory(_ path: String, permissions: UInt16) throws(SystemCallError) {
        _ = try enter("mkdir")
        try base.makeDirectory(path, permissions: permissions)
    }
    package func sleep(milliseconds: Int) { base.sleep(milliseconds: milliseconds) }
    package func uptimeMilliseconds() -> Int { base.uptimeMilliseconds() }
    package func processID() -> Int32 { state.withLock { $0.processID } ?? base.processID() }
}
