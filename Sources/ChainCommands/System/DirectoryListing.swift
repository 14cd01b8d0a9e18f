#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// The names in a directory.
enum DirectoryListing {
    /// The entries of a directory but `.` and `..`, in no order.
    ///
    /// - Throws: ``ToolError``, also for a name that is not UTF-8: a record's text could not hold it.
    static func names(_ path: String) throws(ToolError) -> [String] {
        guard let directory = unsafe opendir(path) else { throw SystemError.toolError(errno, path: path) }
        defer { _ = unsafe closedir(directory) }
        var names: [String] = []
        while true {
            // readdir(3): NULL with errno unchanged is the end.
            errno = 0
            guard let entry = unsafe readdir(directory) else {
                if errno != 0 { throw SystemError.toolError(errno, path: path) }
                return names
            }
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe Array(bytes.prefix { $0 != 0 })
            }
            if name == Array(".".utf8) || name == Array("..".utf8) { continue }
            guard let text = String(validating: name, as: UTF8.self) else {
                let shown = String(decoding: name, as: UTF8.self)
                throw ToolError(.undecodable, "\(path)/\(shown): the name is not UTF-8; rename it")
            }
            names.append(text)
        }
    }
}
