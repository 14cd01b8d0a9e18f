internal import AttestationChain

/// The files that operands name.
struct FileOperands {
    /// One file to attest.
    struct File {
        let path: String
        /// What the record calls it.
        let name: String
        let identity: FileIdentity
        let size: Int
    }

    /// Without `-`.
    let paths: [String]
    let isRecursive: Bool
    /// The chain's own directory, which cannot attest itself.
    let excluded: FileIdentity?

    private let system = PosixSystem()

    init(paths: [String], isRecursive: Bool, excluded: FileIdentity?) {
        self.paths = paths
        self.isRecursive = isRecursive
        self.excluded = excluded
    }

    /// Passes every file to `body`: operands in their order, what is in a directory in the bytewise order of the paths
    /// below it. Directories are read as they are come to, so memory does not grow with the tree. `note` is told what
    /// is passed over.
    func forEach(note: (String) -> Void = { _ in }, _ body: (File) throws -> Void) throws {
        for path in paths {
            // Follows a symbolic link: this one was named.
            let status = try OpenFile(path, .read, system: system).status()
            if status.kind == .directory, isRecursive {
                try walk(path, name: Self.treeName(path), status.identity, note, body)
            } else {
                try FileHasher.requireRegular(status, path)
                try body(File(path: path, name: Self.name(path), identity: status.identity, size: status.size))
            }
        }
    }

    private func walk(
        _ directory: String, name: String, _ identity: FileIdentity, _ note: (String) -> Void,
        _ body: (File) throws -> Void
    ) throws {
        if identity == excluded { return note("\(directory): passed over: it is the chain itself") }
        var entries: [(sortKey: String, name: String, status: FileStatus)] = []
        for entry in try DirectoryListing.names(directory) {
            let path = Self.join(directory, entry)
            let status: FileStatus
            do throws(SystemCallError) {
                status = try system.status(of: path, in: nil)
            } catch {
                throw ChainError(error, path: path)
            }
            // The path of what is inside goes on with a slash, and that is what its bytes are compared by.
            entries.append((status.kind == .directory ? entry + "/" : entry, entry, status))
        }
        entries.sort { $0.sortKey.utf8.lexicographicallyPrecedes($1.sortKey.utf8) }
        for entry in entries {
            let path = Self.join(directory, entry.name)
            let entryName = name.isEmpty ? entry.name : "\(name)/\(entry.name)"
            switch entry.status.kind {
            case .symbolicLink: note("\(path): passed over: a symbolic link")
            case .directory: try walk(path, name: entryName, entry.status.identity, note, body)
            case .regular, .other:
                try FileHasher.requireRegular(entry.status, path)
                try body(File(path: path, name: entryName, identity: entry.status.identity, size: entry.status.size))
            }
        }
    }

    private static func join(_ directory: String, _ name: String) -> String {
        directory.utf8.last == UInt8(ascii: "/") ? directory + name : "\(directory)/\(name)"
    }

    /// A relative path stays as it was typed, but for `./` in front. An absolute one says more about the machine than
    /// about the file, so only its last part stays.
    static func name(_ path: String) -> String {
        if path.hasPrefix("/") { return lastPart(path) }
        var name = path[...]
        while name.hasPrefix("./") { name = name.dropFirst(2).drop { $0 == "/" } }
        return name.isEmpty ? path : String(name)
    }

    /// What the names of the files in a directory begin with: its own name, or nothing where it has none.
    static func treeName(_ path: String) -> String {
        let name = lastPart(path)
        return [".", "..", "/"].contains(name) ? "" : name
    }

    private static func lastPart(_ path: String) -> String {
        path.split(separator: "/").last.map { String($0) } ?? "/"
    }
}
