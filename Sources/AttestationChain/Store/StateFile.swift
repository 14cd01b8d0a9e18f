internal import ChainCrypto
internal import ChainRecord

/// Writes state.cbor. Only the holder of the chain's lock may.
enum StateFile {
    /// Replaces state.cbor: temporary file, fsync, rename, fsync of the directory.
    static func write(_ state: ChainState, in directory: OpenFile) throws(ChainError) {
        let bytes = Checkpoint.encode(state)
        // A chain with that many rotations is scanned when it is opened.
        precondition(bytes.count <= Checkpoint.maximumSize, "65,536 signers fit the limit")
        let system = directory.system
        let name = ChainLocation.temporaryStateName
        // A crash earlier in this function leaves a temporary file. It is nobody else's: the lock is ours.
        try remove(name, in: directory)
        let file = try OpenFile(name, in: directory, .writeNew, permissions: 0o644, system: system)
        do throws(SystemCallError) {
            try file.write(bytes.span, at: 0)
            // A crash before this leaves the old state, one after it and before the rename too: both only say less.
            try system.synchronizeData(file.descriptor)
            try system.rename(name, to: ChainLocation.stateName, in: directory.descriptor)
            // A crash before this may bring the old state back.
            try system.synchronize(directory.descriptor)
        } catch {
            throw ChainError(error, path: file.path)
        }
    }

    /// Moves an unusable state out of the way, under a name that says what it holds.
    static func keepAside(in directory: OpenFile) throws(ChainError) {
        let system = directory.system
        let file = try OpenFile(ChainLocation.stateName, in: directory, .read, system: system)
        let size = min(try file.status().size, Checkpoint.maximumSize)
        let hash = SHA256.hash(try file.read(0..<size)).description
        do throws(SystemCallError) {
            try system.rename(
                ChainLocation.stateName, to: ChainLocation.unusableStateName(hash: hash), in: directory.descriptor)
            try system.synchronize(directory.descriptor)
        } catch {
            throw ChainError(error, path: file.path)
        }
    }

    private static func remove(_ name: String, in directory: OpenFile) throws(ChainError) {
        do throws(SystemCallError) {
            try directory.system.unlink(name, in: directory.descriptor)
        } catch {
            if error.meaning != .notFound { throw ChainError(error, path: "\(directory.path)/\(name)") }
        }
    }
}
