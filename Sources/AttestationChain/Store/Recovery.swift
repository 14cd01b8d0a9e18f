internal import ChainCrypto
internal import ChainRecord

/// What opening for writing had to mend.
public struct Recovery: Sendable, Hashable {
    /// Bytes of a torn tail that were cut off.
    public internal(set) var tornBytes = 0
    /// Offset at which they began: the length of the chain now.
    public internal(set) var tornOffset = 0
    /// Name of the file beside the chain that keeps them.
    public internal(set) var evidence: String?
    /// Why state.cbor was put aside and written anew.
    public internal(set) var unusableState: String?

    public var isEmpty: Bool { tornBytes == 0 && unusableState == nil }
}

/// Brings a chain into the state that appending needs. Every step may be cut short by a crash and run again.
enum ChainRecovery {
    /// Mends what `survey` found, under the lock. Returns what was done.
    static func prepare(_ survey: ChainSurvey, _ file: OpenFile, in directory: OpenFile) throws(ChainError) -> Recovery
    {
        var recovery = Recovery()
        let end = survey.state.byteLength
        if case .torn(let bytes) = survey.tail {
            recovery.tornBytes = bytes
            recovery.tornOffset = end
            recovery.evidence = try keepEvidence(try file.read(end..<(end + bytes)), from: end, in: directory)
            do throws(SystemCallError) {
                // A crash before this repeats all of it, and finds the evidence there.
                try file.system.truncate(file.descriptor, to: end)
                try file.system.synchronizeData(file.descriptor)
            } catch {
                throw ChainError(error, path: file.path, offset: end)
            }
        }
        try rewrite(file, from: survey.durableLength, to: end)
        if case .unusable(let reason) = survey.stateStatus {
            recovery.unusableState = reason
            try StateFile.keepAside(in: directory)
        }
        return recovery
    }

    /// Copies a torn tail beside the chain, durable before a byte of it is cut.
    private static func keepEvidence(
        _ bytes: [UInt8], from offset: Int, in directory: OpenFile
    ) throws(ChainError) -> String {
        let name = ChainLocation.evidenceName(offset: offset, hash: SHA256.hash(bytes).description)
        // The name says what the file holds, so one that a crash left, whole or not, is simply written again.
        let file = try OpenFile(name, in: directory, .readWriteCreating, permissions: 0o644, system: directory.system)
        let status = try file.status()
        guard status.kind == .regular, status.linkCount == 1, status.size <= bytes.count else {
            throw ChainError(
                .notAChainFile, "something else has the name that the torn tail is to be kept under; move it away",
                path: file.path)
        }
        do throws(SystemCallError) {
            try file.write(bytes.span, at: 0)
            try file.system.synchronizeData(file.descriptor)
            try file.system.synchronize(directory.descriptor)
        } catch {
            throw ChainError(error, path: file.path)
        }
        return name
    }

    /// Writes bytes that may be in the page cache only once more in place, and waits for the disk.
    ///
    /// After a failed fsync the kernel may call pages clean that never reached the disk; a new process would read them
    /// and believe them durable. A crash in here leaves the same bytes.
    private static func rewrite(_ file: OpenFile, from start: Int, to end: Int) throws(ChainError) {
        guard start < end else { return }
        var offset = start
        while offset < end {
            let bytes = try file.read(offset..<min(end, offset + FrameStream.chunkSize))
            guard !bytes.isEmpty else {
                throw ChainError(
                    .inputOutput, "the file became shorter under the lock", path: file.path, offset: offset)
            }
            do throws(SystemCallError) {
                try file.write(bytes.span, at: offset)
            } catch {
                throw ChainError(error, path: file.path, offset: offset)
            }
            offset += bytes.count
        }
        do throws(SystemCallError) {
            try file.system.synchronizeData(file.descriptor)
        } catch {
            throw ChainError(error, path: file.path)
        }
    }
}
