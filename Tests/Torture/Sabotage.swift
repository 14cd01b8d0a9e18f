import AttestationChain
import Synchronization

/// Bugs, planted where the store meets the system: each does what a careless store would do. Campaign 1 must catch every one.
final class Sabotage: Sendable {
    enum Kind: String, CaseIterable, Sendable {
        case skipChainSync = "acknowledge without fdatasync of the chain"
        case swallowSyncErrors = "take a failed fsync for a success"
        case lateChainWrite = "acknowledge before writing"
        case shortWrite = "take a short write for a whole one"
        case misdirectedWrite = "write where the chain ended before the lock"
        case skipTruncate = "append behind a torn tail without cutting it"
        case skipEvidence = "cut a torn tail without keeping it"
        case skipEvidenceSync = "cut before the evidence is on disk"
        case evidenceAfterTruncate = "cut first, keep the evidence after"
        case skipDirectorySync = "never fsync the directory"
        case skipRewrite = "trust the page cache behind the state"
    }

    let kind: Kind
    private let held = Mutex<[(bytes: [UInt8], inode: Int, offset: Int)]>([])

    init(_ kind: Kind) { self.kind = kind }

    private static func isChain(_ path: String) -> Bool { path.hasSuffix("/chain.bin") }
    private static func isEvidence(_ path: String) -> Bool { path.contains("/chain.bin.torn-") }

    /// What really is written; nil for nothing, now.
    func write(_ bytes: [UInt8], to path: String, inode: Int, at offset: inout Int, size: Int) -> [UInt8]? {
        switch kind {
        case .lateChainWrite where Self.isChain(path):
            held.withLock { $0.append((bytes, inode, offset)) }
            return nil
        case .shortWrite where Self.isChain(path): return Array(bytes.dropLast())
        case .misdirectedWrite where Self.isChain(path) && offset > 600:
            offset -= 100
            return bytes
        case .skipEvidence where Self.isEvidence(path): return []
        case .evidenceAfterTruncate where Self.isEvidence(path):
            held.withLock { $0.append((bytes, inode, offset)) }
            return nil
        case .skipRewrite where Self.isChain(path) && offset + bytes.count <= size: return []
        default: return bytes
        }
    }

    func skipsSync(of path: String, isDirectory: Bool, _ system: ModelSystem) -> Bool {
        switch kind {
        case .skipChainSync: return Self.isChain(path)
        case .skipEvidenceSync: return Self.isEvidence(path)
        case .skipDirectorySync: return isDirectory
        case .lateChainWrite where Self.isChain(path):
            // The data reaches the file only when the next call comes.
            defer { flush(system) }
            return true
        default: return false
        }
    }

    var swallowsSyncErrors: Bool { kind == .swallowSyncErrors }

    func skipsTruncate(of path: String) -> Bool { kind == .skipTruncate && Self.isChain(path) }

    func truncated(_ system: ModelSystem) {
        if kind == .evidenceAfterTruncate { flush(system) }
    }

    private func flush(_ system: ModelSystem) {
        for write in held.withLock({ held in
            defer { held = [] }
            return held
        }) {
            system.writeLate(write.bytes, inode: write.inode, at: write.offset)
        }
    }
}
