#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// Gives errno its meaning for what the tool itself asks of the system; the chain's files are the store's business.
enum SystemError {
    static func text(_ number: Int32) -> String { unsafe String(cString: strerror(number)) }

    static func toolError(_ number: Int32, path: String) -> ToolError {
        let status: ExitStatus =
            switch number {
            case ENOENT, ENOTDIR: .notFound
            case EACCES, EPERM: .notPermitted
            default: .inputOutput
            }
        return ToolError(status, "\(path): \(text(number))")
    }
}
