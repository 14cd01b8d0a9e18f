internal import ChainRecord

/// Where a chain's files are. Every file name of the store is spelled here.
package struct ChainLocation: Sendable {
    /// The chain's directory; nil for a bare chain file, which has no state and is only read.
    package let directory: String?
    package let chainPath: String

    package static let chainName = "chain.bin"
    package static let stateName = "state.cbor"
    package static let temporaryStateName = "state.cbor.tmp"

    /// A torn tail kept as evidence, named so that keeping it twice is keeping it once.
    package static func evidenceName(offset: Int, hash: String) -> String {
        "\(chainName).torn-\(offset)-\(hash.prefix(16))"
    }

    /// A state.cbor that could not be used, kept beside the new one.
    package static func unusableStateName(hash: String) -> String { "\(stateName).bad-\(hash.prefix(16))" }

    package init(directory path: String) {
        directory = path
        chainPath = "\(path)/\(Self.chainName)"
    }

    private init(bareFile path: String) {
        directory = nil
        chainPath = path
    }

    /// Finds out whether `path` is a chain directory or a bare file.
    package init(reading path: String, system: any SystemCalls) throws(ChainError) {
        let file = try OpenFile(path, .read, system: system)
        if try file.status().kind == .directory {
            self.init(directory: path)
        } else {
            self.init(bareFile: path)
        }
    }

    /// Opens chain.bin for reading and takes its size, once.
    package func openChain(system: any SystemCalls) throws(ChainError) -> (file: OpenFile, status: FileStatus) {
        let file: OpenFile
        do throws(ChainError) {
            file = try OpenFile(chainPath, .read, system: system)
        } catch {
            guard error.code == .notFound, directory != nil else { throw error }
            throw ChainError(.notFound, "no chain here (no \(Self.chainName)); 'init' begins one", path: chainPath)
        }
        let status = try file.status()
        guard status.kind == .regular else {
            throw ChainError(.notAChainFile, "not a regular file", path: chainPath)
        }
        return (file, status)
    }
}
