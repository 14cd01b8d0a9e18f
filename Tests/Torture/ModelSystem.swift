import AttestationChain
import Glibc
import Synchronization

/// System calls on a ``ModelDisk``, with a memory of every moment at which a crash could come.
final class ModelSystem: SystemCalls {
    /// One call that changes the disk, and the disk just before it.
    struct Moment: Sendable {
        enum Call: Sendable {
            case write(inode: Int, offset: Int, bytes: [UInt8])
            /// Any other call: it happens or it does not.
            case other(String)
        }

        let before: ModelDisk
        let call: Call
        /// How many events the scenario had noted.
        let events: Int
    }

    /// A fault to inject at the n-th call of a name from now on.
    struct Fault: Sendable {
        let call: String
        let countdown: Int
        let errorNumber: Int32
        /// For writes: bytes that are written before the error.
        let written: Int
    }

    private struct State: Sendable {
        var disk: ModelDisk
        var open: [Int32: (path: String, inode: Int?)] = [:]
        var nextDescriptor: Int32 = 3
        var lockedBy: [Int: Int32] = [:]
        var moments: [Moment] = []
        var records = true
        var events = 0
        var faults: [Fault] = []
    }

    private let state: Mutex<State>
    private let sabotage: Sabotage?

    init(_ disk: ModelDisk, recording: Bool, sabotage: Sabotage? = nil) {
        var state = State(disk: disk)
        state.records = recording
        self.state = Mutex(state)
        self.sabotage = sabotage
    }

    var disk: ModelDisk { state.withLock { $0.disk } }
    var moments: [Moment] { state.withLock { $0.moments } }
    /// Says how many events the scenario has noted, for the moments that follow.
    func note(events: Int) { state.withLock { $0.events = events } }
    func inject(_ fault: Fault) { state.withLock { $0.faults.append(fault) } }

    private static func failure(_ call: String, _ number: Int32) -> SystemCallError {
        SystemCallError(call: call, errorNumber: number, description: "\(call): model error \(number)")
    }

    /// Runs `body` on the state, remembering the moment before it when the call changes the disk.
    private func perform<Result: Sendable>(
        _ call: String, _ moment: Moment.Call? = nil,
        _ body: (inout State) -> Swift.Result<Result, SystemCallError>
    ) throws(SystemCallError) -> Result {
        let outcome: Swift.Result<Result, SystemCallError> = state.withLock { state in
            if let moment, state.records {
                state.moments.append(Moment(before: state.disk, call: moment, events: state.events))
            }
            return body(&state)
        }
        return try outcome.get()
    }

    /// The fault that is due for this call, if one is.
    private static func due(_ call: String, _ state: inout State) -> Fault? {
        for (position, fault) in state.faults.enumerated() where fault.call == call {
            if fault.countdown > 0 {
                state.faults[position] = Fault(
                    call: call, countdown: fault.countdown - 1, errorNumber: fault.errorNumber, written: fault.written)
            } else {
                state.faults.remove(at: position)
                return fault
            }
        }
        return nil
    }

    func open(_ path: String, in directory: Int32?, _ mode: OpenMode, permissions: UInt16) throws(SystemCallError)
        -> Int32
    {
        try perform("open", mode == .readWriteCreating || mode == .writeNew ? .other("open") : nil) { state in
            let full = directory.flatMap { state.open[$0]?.path }.map { "\($0)/\(path)" } ?? path
            let inode: Int?
            if mode == .directory || state.disk.directories.contains(full) {
                let name = full.hasSuffix("/..") ? "/" : full
                guard state.disk.directories.contains(name) else { return .failure(Self.failure("open", ENOENT)) }
                inode = nil
            } else if let existing = state.disk.names[full] {
                if mode == .writeNew { return .failure(Self.failure("open", EEXIST)) }
                inode = existing
            } else if mode == .readWriteCreating || mode == .writeNew {
                if let fault = Self.due("open", &state) { return .failure(Self.failure("open", fault.errorNumber)) }
                inode = state.disk.create(full)
            } else {
                return .failure(Self.failure("open", ENOENT))
            }
            let descriptor = state.nextDescriptor
            state.nextDescriptor += 1
            state.open[descriptor] = (full, inode)
            return .success(descriptor)
        }
    }

    func close(_ descriptor: Int32) {
        state.withLock { state in
            if let inode = state.open[descriptor]?.inode, state.lockedBy[inode] == descriptor {
                state.lockedBy[inode] = nil
            }
            state.open[descriptor] = nil
        }
    }

    func read(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(SystemCallError)
        -> Int
    {
        let part: [UInt8] = try perform("pread") { [count = buffer.count] state in
            guard let inode = state.open[descriptor]?.inode, let file = state.disk.inodes[inode] else {
                return .failure(Self.failure("pread", EISDIR))
            }
            guard offset < file.cache.count else { return .success([]) }
            return .success(Array(file.cache[offset..<min(file.cache.count, offset + count)]))
        }
        unsafe buffer.copyBytes(from: part)
        return part.count
    }

    func write(_ descriptor: Int32, _ buffer: UnsafeRawBufferPointer, at offset: Int) throws(SystemCallError) -> Int {
        var bytes = unsafe Array(buffer)
        let path = state.withLock { $0.open[descriptor]?.path ?? "" }
        let inode = state.withLock { $0.open[descriptor]?.inode ?? 0 }
        let claimed = bytes.count
        var offset = offset
        if let sabotage {
            guard
                let kept = sabotage.write(
                    bytes, to: path, inode: inode, at: &offset, size: disk.inodes[inode]?.cache.count ?? 0)
            else { return claimed }
            bytes = kept
        }
        let (written, place) = (bytes, offset)
        try perform("pwrite", .write(inode: inode, offset: place, bytes: written)) {
            state -> Result<Void, SystemCallError> in
            if let fault = Self.due("pwrite", &state) {
                state.disk.write(written.prefix(fault.written), to: inode, at: place)
                return .failure(Self.failure("pwrite", fault.errorNumber))
            }
            state.disk.write(written[...], to: inode, at: place)
            return .success(())
        }
        return claimed
    }

    /// For sabotage that writes at another time.
    func writeLate(_ bytes: [UInt8], inode: Int, at offset: Int) {
        _ = try? perform("pwrite", .write(inode: inode, offset: offset, bytes: bytes)) {
            state -> Result<Void, SystemCallError> in
            state.disk.write(bytes[...], to: inode, at: offset)
            return .success(())
        }
    }

    func synchronizeData(_ descriptor: Int32) throws(SystemCallError) { try fileSync("fdatasync", descriptor) }
    func synchronize(_ descriptor: Int32) throws(SystemCallError) { try fileSync("fsync", descriptor) }

    private func fileSync(_ call: String, _ descriptor: Int32) throws(SystemCallError) {
        let (path, inode) = state.withLock { ($0.open[descriptor]?.path ?? "", $0.open[descriptor]?.inode) }
        if sabotage?.skipsSync(of: path, isDirectory: inode == nil, self) == true { return }
        do throws(SystemCallError) {
            try perform(call, .other(call)) { state -> Result<Void, SystemCallError> in
                if let fault = Self.due(call, &state) {
                    if let inode { state.disk.dropDirty(inode) }
                    return .failure(Self.failure(call, fault.errorNumber))
                }
                if let inode { state.disk.synchronize(inode) } else { state.disk.synchronizeNames() }
                return .success(())
            }
        } catch {
            if sabotage?.swallowsSyncErrors == true { return }
            throw error
        }
    }

    func truncate(_ descriptor: Int32, to size: Int) throws(SystemCallError) {
        let (path, inode) = state.withLock { ($0.open[descriptor]?.path ?? "", $0.open[descriptor]?.inode ?? 0) }
        if sabotage?.skipsTruncate(of: path) == true { return }
        try perform("ftruncate", .other("ftruncate")) { state -> Result<Void, SystemCallError> in
            if let fault = Self.due("ftruncate", &state) {
                return .failure(Self.failure("ftruncate", fault.errorNumber))
            }
            state.disk.truncate(inode, to: size)
            return .success(())
        }
        sabotage?.truncated(self)
    }

    func status(_ descriptor: Int32) throws(SystemCallError) -> FileStatus {
        try perform("fstat") { state in
            guard let file = state.open[descriptor] else { return .failure(Self.failure("fstat", EBADF)) }
            return .success(Self.status(file.inode, state.disk))
        }
    }

    func status(of path: String, in directory: Int32?) throws(SystemCallError) -> FileStatus {
        try perform("fstatat") { state in
            let full = directory.flatMap { state.open[$0]?.path }.map { "\($0)/\(path)" } ?? path
            if state.disk.directories.contains(full) { return .success(Self.status(nil, state.disk)) }
            guard let inode = state.disk.names[full] else { return .failure(Self.failure("fstatat", ENOENT)) }
            return .success(Self.status(inode, state.disk))
        }
    }

    private static func status(_ inode: Int?, _ disk: ModelDisk) -> FileStatus {
        FileStatus(
            kind: inode == nil ? .directory : .regular,
            identity: FileIdentity(device: 0, inode: UInt64(inode ?? 0)),
            linkCount: 1, size: inode.flatMap { disk.inodes[$0]?.cache.count } ?? 0, permissions: 0o644,
            modifiedNanoseconds: 0, changedNanoseconds: 0)
    }

    func tryLock(_ descriptor: Int32) throws(SystemCallError) -> Bool {
        return try perform("flock") { state in
            guard let inode = state.open[descriptor]?.inode else { return .failure(Self.failure("flock", EBADF)) }
            if let owner = state.lockedBy[inode], owner != descriptor { return .success(false) }
            state.lockedBy[inode] = descriptor
            return .success(true)
        }
    }

    func unlock(_ descriptor: Int32) throws(SystemCallError) {
        try perform("flock") { state -> Result<Void, SystemCallError> in
            if let inode = state.open[descriptor]?.inode, state.lockedBy[inode] == descriptor {
                state.lockedBy[inode] = nil
            }
            return .success(())
        }
    }

    func rename(_ path: String, to target: String, in directory: Int32) throws(SystemCallError) {
        try perform("rename", .other("rename")) { state -> Result<Void, SystemCallError> in
            if let fault = Self.due("rename", &state) { return .failure(Self.failure("rename", fault.errorNumber)) }
            let folder = state.open[directory]?.path ?? ""
            guard let inode = state.disk.names["\(folder)/\(path)"] else {
                return .failure(Self.failure("rename", ENOENT))
            }
            state.disk.change(.rename("\(folder)/\(path)", to: "\(folder)/\(target)", inode))
            return .success(())
        }
    }

    func unlink(_ path: String, in directory: Int32) throws(SystemCallError) {
        try perform("unlink", .other("unlink")) { state -> Result<Void, SystemCallError> in
            let full = "\(state.open[directory]?.path ?? "")/\(path)"
            guard state.disk.names[full] != nil else { return .failure(Self.failure("unlink", ENOENT)) }
            state.disk.change(.remove(full))
            return .success(())
        }
    }

    func link(_ path: String, to target: String, in directory: Int32) throws(SystemCallError) {
        throw Self.failure("link", ENOSYS)
    }

    func makeDirectory(_ path: String, permissions: UInt16) throws(SystemCallError) {
        try perform("mkdir") { state -> Result<Void, SystemCallError> in
            if !state.disk.directories.insert(path).inserted { return .failure(Self.failure("mkdir", EEXIST)) }
            return .success(())
        }
    }

    func sleep(milliseconds: Int) {}
    func uptimeMilliseconds() -> Int { 0 }
    /// A model is a machine of its own, so that locks in one do not concern another.
    func processID() -> Int32 { Int32(truncatingIfNeeded: ObjectIdentifier(self).hashValue) }
}
