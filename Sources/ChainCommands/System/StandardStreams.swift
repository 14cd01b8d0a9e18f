#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// The three standard descriptors, and the end of the process.
enum StandardStreams {
    static let input: Int32 = 0
    static let output: Int32 = 1
    static let error: Int32 = 2

    enum WriteOutcome {
        case done
        /// Nobody reads any more.
        case closed
        case failed(String)
    }

    /// Must come before anything is opened.
    static func prepare() {
        // A reader that went away is told by write(2), so that an append in progress ends properly.
        signal(SIGPIPE, SIG_IGN)
        // With a standard descriptor closed, the next file opened would take its number, and output would be written
        // into it: into the chain. A descriptor that cannot do the job holds the place instead.
        for (descriptor, mode) in [(input, O_WRONLY), (output, O_RDONLY), (error, O_RDONLY)]
        where fcntl(descriptor, F_GETFD) == -1 {
            _ = unsafe open("/dev/null", mode)
        }
    }

    static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    static func write(_ bytes: [UInt8], to descriptor: Int32) -> WriteOutcome {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe systemWrite(descriptor, UnsafeRawBufferPointer(rebasing: buffer[written...]))
            }
            if count >= 0 {
                written += count
                continue
            }
            switch errno {
            case EINTR: continue
            case EPIPE: return .closed
            case EAGAIN: wait(for: descriptor, Int16(POLLOUT))
            default: return .failed(SystemError.text(errno))
            }
        }
        return .done
    }

    /// Reads some bytes of standard input; none at its end.
    static func read(into buffer: UnsafeMutableRawBufferPointer) throws(ToolError) -> Int {
        while true {
            let count = unsafe systemRead(input, buffer)
            if count >= 0 { return count }
            switch errno {
            case EINTR: continue
            case EAGAIN: wait(for: input, Int16(POLLIN))
            default: throw ToolError(.inputOutput, "cannot read standard input: \(SystemError.text(errno))")
            }
        }
    }

    /// Another process may have made the descriptor non-blocking.
    private static func wait(for descriptor: Int32, _ events: Int16) {
        var request = pollfd(fd: descriptor, events: events, revents: 0)
        _ = unsafe poll(&request, 1, -1)
    }

    static func exit(_ status: Int32) -> Never { systemExit(status) }
}

private func systemWrite(_ descriptor: Int32, _ buffer: UnsafeRawBufferPointer) -> Int {
    unsafe write(descriptor, buffer.baseAddress, buffer.count)
}

private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
    unsafe read(descriptor, buffer.baseAddress, buffer.count)
}

private func systemExit(_ status: Int32) -> Never { exit(status) }
