import AttestationChain
import Synchronization

/// The real system, counting what is read from it.
final class CountingSystem: SystemCalls {
    struct Reads: Equatable {
        var calls = 0
        var bytes = 0
    }

    private let real = PosixSystem()
    private let counted = Mutex(Reads())

    var reads: Reads { counted.withLock { $0 } }

    func read(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(SystemCallError)
        -> Int
    {
        let count = try unsafe real.read(descriptor, into: buffer, at: offset)
        counted.withLock {
            $0.calls += 1
            $0.bytes += count
        }
        return count
    }

    func open(_ path: String, in directory: Int32?, _ mode: OpenMode, permissions: UInt16) throws(SystemCallError)
        -> Int32
    {
        try real.open(path, in: directory, mode, permissions: permissions)
    }
    func close(_ descriptor: Int32) { real.close(descriptor) }
    func write(_ descriptor: Int32, _ buffer: UnsafeRawBufferPointer, at offset: Int) throws(SystemCallError) -> Int {
        try unsafe real.write(descriptor, buffer, at: offset)
    }
    // Tests need no durability.
    func synchronizeData(_ descriptor: Int32) {}
    func synchronize(_ descriptor: Int32) {}
    func truncate(_ descriptor: Int32, to size: Int) throws(SystemCallError) { try real.truncate(descriptor, to: size) }
    func status(_ descriptor: Int32) throws(SystemCallError) -> FileStatus { try real.status(descriptor) }
    func status(of path: String, in directory: Int32?) throws(SystemCallError) -> FileStatus {
        try real.status(of: path, in: directory)
    }
    func tryLock(_ descriptor: Int32) throws(SystemCallError) -> Bool { try real.tryLock(descriptor) }
    func unlock(_ descriptor: Int32) throws(SystemCallError) { try real.unlock(descriptor) }
    func rename(_ path: String, to target: String, in directory: Int32) throws(SystemCallError) {
        try real.rename(path, to: target, in: directory)
    }
    func unlink(_ path: String, in directory: Int32) throws(SystemCallError) { try real.unlink(path, in: directory) }
    func link(_ path: String, to target: String, in directory: Int32) throws(SystemCallError) {
        try real.link(path, to: target, in: directory)
    }
    func makeDirectory(_ path: String, permissions: UInt16) throws(SystemCallError) {
        try real.makeDirectory(path, permissions: permissions)
    }
    func sleep(milliseconds: Int) { real.sleep(milliseconds: milliseconds) }
    func uptimeMilliseconds() -> Int { real.uptimeMilliseconds() }
    func processID() -> Int32 { real.processID() }
}
