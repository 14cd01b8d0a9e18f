public import ChainRecord

/// Why an operation on a chain did not happen, where, and what the caller can do.
public struct ChainError: Error, Sendable, CustomStringConvertible {
    public enum Code: Sendable, Hashable {
        /// There is no such file or directory.
        case notFound
        /// A chain, or another file, is there already.
        case alreadyExists
        /// The chain holds no record yet.
        case empty
        /// Not a file that can be a chain: a directory, FIFO, device, symbolic link, or one with several hard links.
        case notAChainFile
        /// The system does not permit it, or the file system is read-only.
        case permissionDenied
        /// The system failed to read or write. Nothing was changed, or what changed was undone.
        case inputOutput
        /// Another process is writing.
        case locked
        /// Another writer of this process has the chain open.
        case lockedByThisProcess
        /// The file system cannot lock.
        case lockingUnsupported
        /// chain.bin is no longer the file that was opened.
        case replaced
        /// A record is damaged; see ``ChainError/findings``.
        case damaged
        /// The chain is shorter than, or different from, what state.cbor says.
        case rolledBack
        /// The signer is not the one that may sign next.
        case unauthorizedSigner
        /// The record would break a rule, so it was not written; see ``ChainError/findings``.
        case invalidRecord
        /// An index or range outside of the chain, or an empty range.
        case outOfRange
        /// The append failed and was undone: the chain is as it was, and the writer goes on.
        case notCommitted
        /// Whether the append is on disk cannot be known; the writer refuses further work. Open the chain again.
        case unknownOutcome
        /// The writer stopped after an earlier failure, was closed, or belongs to another process.
        case writerUnusable
        /// A key file that is not a key.
        case key
        /// A private key file that others may read.
        case exposedKey
    }

    public let code: Code
    /// One sentence: what happened, and what to do where that is not obvious.
    public let message: String
    public let path: String?
    /// Byte offset in the file.
    public let offset: Int?
    /// Position of the record.
    public let index: Int?
    /// The system call that failed, if one did.
    public let cause: SystemCallError?
    /// The rules that did not hold.
    public let findings: [Finding]
    /// Records of a failed batch that are on disk all the same, in order.
    public var committed: [AppendedRecord] = []

    package init(
        _ code: Code, _ message: String, path: String? = nil, offset: Int? = nil, index: Int? = nil,
        cause: SystemCallError? = nil, findings: [Finding] = []
    ) {
        self.code = code
        self.message = message
        self.path = path
        self.offset = offset
        self.index = index
        self.cause = cause
        self.findings = findings
    }

    package init(_ error: SystemCallError, path: String, offset: Int? = nil) {
        let code: Code =
            switch error.meaning {
            case .notFound: .notFound
            case .exists: .alreadyExists
            case .permission: .permissionDenied
            case .isDirectory, .symbolicLink: .notAChainFile
            case .lockingUnsupported where error.call == "flock": .lockingUnsupported
            default: .inputOutput
            }
        self.init(code, error.description, path: path, offset: offset, cause: error)
    }

    /// Damage, named after the first finding that is an error.
    package init(damage findings: [Finding], path: String) {
        let first = findings.first { $0.severity == .error }
        self.init(
            .damaged, first.map { "\($0.message) (rule \($0.rule.rawValue))" } ?? "damaged", path: path,
            offset: first?.offset, index: first?.index, findings: findings)
    }

    public var description: String {
        var text = ""
        if let path { text += "\(path): " }
        if let index { text += "record \(index): " }
        if let offset { text += "offset \(offset): " }
        return text + message
    }
}
