/// An open file or directory; closed when it goes.
package final class OpenFile: Sendable {
    package let descriptor: Int32
    /// For messages.
    package let path: String
    package let system: any SystemCalls

    package init(
        _ path: String, in directory: OpenFile? = nil, _ mode: OpenMode, permissions: UInt16 = 0o666,
        system: any SystemCalls
    ) throws(ChainError) {
        let shown = directory.map { "\($0.path)/\(path)" } ?? path
        do throws(SystemCallError) {
            descriptor = try system.open(path, in: directory?.descriptor, mode, permissions: permissions)
        } catch {
            throw ChainError(error, path: shown)
        }
        self.path = shown
        self.system = system
    }

    deinit { system.close(descriptor) }

    package func status() throws(ChainError) -> FileStatus {
        do throws(SystemCallError) { return try system.status(descriptor) } catch {
            throw ChainError(error, path: path)
        }
    }

    /// Reads until `buffer` is full or the file ends. Returns the number of bytes read.
    package func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(ChainError) -> Int {
        var count = 0
        while count < buffer.count {
            let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[count...])
            let read: Int
            do throws(SystemCallError) {
                read = try unsafe system.read(descriptor, into: rest, at: offset + count)
            } catch {
                throw ChainError(error, path: path, offset: offset + count)
            }
            if read == 0 { break }
            count += read
        }
        return count
    }

    /// The bytes of a range; fewer where the file ends before. Allocates the range's size: bound it first.
    package func read(_ range: Range<Int>) throws(ChainError) -> [UInt8] {
        var failure: ChainError?
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
            do throws(ChainError) {
                count = try unsafe read(into: UnsafeMutableRawBufferPointer(buffer), at: range.lowerBound)
            } catch {
                count = 0
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Writes all of `bytes`, over as many calls as it takes (write(2): a call may write less).
    package func write(_ bytes: Span<UInt8>, at offset: Int) throws(SystemCallError) {
        var written = 0
        while written < bytes.count {
            let rest = bytes.extracting(written..<bytes.count)
            var outcome: Result<Int, SystemCallError> = .success(0)
            unsafe rest.withUnsafeBytes { buffer in
                do throws(SystemCallError) {
                    outcome = .success(try unsafe system.write(descriptor, buffer, at: offset + written))
                } catch {
                    outcome = .failure(error)
                }
            }
            let count = try outcome.get()
            // POSIX leaves a write of 0 bytes that is not an error undefined; looping on it would hang.
            guard count > 0 else {
                throw SystemCallError(call: "pwrite", errorNumber: 0, description: "pwrite: wrote nothing")
            }
            written += count
        }
    }
}
