internal import AttestationChain

/// The content of a file or of standard input, as its hash.
struct HashedContent {
    let hash: Hash256
    let size: Int
    /// The bytes, when they were asked for.
    let bytes: [UInt8]?
}

/// Hashes content in pieces, so that memory does not depend on its size.
enum FileHasher {
    private static let pieceSize = 1 << 18

    /// Hashes a regular file; its bytes are kept when the content goes into a record, which it then must fit.
    ///
    /// A file that is another than the one with `identity`, or that changes while it is read, is an error: the hash
    /// would be of bytes that the file never had at once.
    static func hash(_ path: String, identity: FileIdentity? = nil, keepsBytes: Bool = false) throws -> HashedContent {
        let file = try OpenFile(path, .read, system: PosixSystem())
        let before = try file.status()
        try requireRegular(before, path)
        guard identity == nil || before.identity == identity else {
            throw ToolError(.inputOutput, "\(path): was replaced while it was being attested; try again")
        }
        if keepsBytes { try requireInlineSize(before.size, path) }
        var offset = 0
        let content = unsafe try hash(keepsBytes: keepsBytes, path) { buffer throws(ChainError) in
            let count = unsafe try file.read(into: buffer, at: offset)
            offset += count
            return count
        }
        let after = try file.status()
        guard before == after, content.size == after.size else {
            throw ToolError(.inputOutput, "\(path): changed while it was being read; try again")
        }
        return content
    }

    /// Hashes standard input up to its end.
    static func hashInput(keepsBytes: Bool = false) throws -> HashedContent {
        unsafe try hash(keepsBytes: keepsBytes, "standard input") { buffer in
            unsafe try StandardStreams.read(into: buffer)
        }
    }

    static func requireRegular(_ status: FileStatus, _ path: String) throws(ToolError) {
        switch status.kind {
        case .regular: break
        case .directory: throw ToolError(.undecodable, "\(path): a directory; --recursive attests the files in it")
        case .symbolicLink, .other:
            throw ToolError(.undecodable, "\(path): not a regular file; '-' reads standard input")
        }
    }

    /// Whether a record has room for content; the record's other bytes come on top, and the writer has the last word.
    static func requireInlineSize(_ size: Int, _ path: String) throws(ToolError) {
        guard size < ChainFormat.maximumRecordSize else {
            throw ToolError(
                .undecodable,
                "\(path): \(TerminalText.count(size, "byte")) are too many for --inline: a record has at most"
                    + " \(TerminalText.grouped(ChainFormat.maximumRecordSize)) bytes with all that is in it;"
                    + " attest the file without --inline"
            )
        }
    }

    private static func hash<Failure: Error>(
        keepsBytes: Bool, _ path: String, read: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
    ) throws -> HashedContent {
        var hasher = SHA256()
        var size = 0
        var kept: [UInt8] = []
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: pieceSize, alignment: 16)
        defer { unsafe piece.deallocate() }
        while true {
            let count = unsafe try read(piece)
            if count == 0 { break }
            let bytes = unsafe UnsafeRawBufferPointer(rebasing: piece[..<count])
            unsafe hasher.update(Span(_unsafeBytes: bytes))
            size += count
            if keepsBytes {
                try requireInlineSize(size, path)
                unsafe kept.append(contentsOf: bytes)
            }
        }
        return HashedContent(hash: hasher.finalize(), size: size, bytes: keepsBytes ? kept : nil)
    }
}
