internal import AttestationChain

/// Reads a file or standard input line by line, holding one line at a time.
struct LineReader: ~Copyable {
    private let file: OpenFile?
    private let path: String
    private var offset = 0
    private var buffer: [UInt8] = []
    private var position = 0
    private var isAtEnd = false
    /// Number of the line that ``next()`` returned last, from 1.
    private(set) var number = 0

    static let maximumLineSize = 4 << 20
    private static let pieceSize = 1 << 16

    /// Opens a file; `-` is standard input.
    init(_ path: String) throws {
        guard path != "-" else {
            file = nil
            self.path = "standard input"
            return
        }
        let file = try OpenFile(path, .read, system: PosixSystem())
        guard try file.status().kind == .regular else {
            throw ToolError(.undecodable, "\(path): not a regular file; '-' reads standard input")
        }
        self.file = file
        self.path = path
    }

    /// The next line without its end; nil behind the last one.
    mutating func next() throws -> [UInt8]? {
        var searched = 0
        while true {
            if let end = buffer[(position + searched)...].firstIndex(of: UInt8(ascii: "\n")) {
                return take(to: end, skipping: 1)
            }
            searched = buffer.count - position
            guard searched <= Self.maximumLineSize else {
                throw ToolError(
                    .undecodable,
                    "\(path): line \(number + 1): longer than \(TerminalText.grouped(Self.maximumLineSize)) bytes")
            }
            if isAtEnd { return searched == 0 ? nil : take(to: buffer.count, skipping: 0) }
            try fill()
        }
    }

    private mutating func take(to end: Int, skipping separator: Int) -> [UInt8] {
        defer { position = end + separator }
        number += 1
        return Array(buffer[position..<end])
    }

    private mutating func fill() throws {
        buffer.removeSubrange(..<position)
        position = 0
        let (file, offset) = (file, offset)
        var failure: (any Error)?
        let piece = unsafe [UInt8](unsafeUninitializedCapacity: Self.pieceSize) { bytes, count in
            do {
                let bytes = UnsafeMutableRawBufferPointer(bytes)
                count =
                    if let file { unsafe try file.read(into: bytes, at: offset) } else {
                        unsafe try StandardStreams.read(into: bytes)
                    }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        self.offset += piece.count
        isAtEnd = piece.isEmpty
        buffer += piece
    }
}
