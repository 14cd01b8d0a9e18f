internal import AttestationChain

/// Reads what `append --jsonl` takes: one object a line with `content_hash` or `content`, `content_type`, and
/// `metadata`.
struct DraftReader: ~Copyable {
    private var lines: LineReader
    private let path: String

    /// Opens a file; `-` is standard input.
    init(_ path: String) throws {
        lines = try LineReader(path)
        self.path = path == "-" ? "standard input" : path
    }

    /// The next record to append; nil behind the last line. Lines of nothing but blanks are passed over.
    mutating func next() throws -> RecordDraft? {
        while let line = try lines.next() {
            if line.allSatisfy({ " \t\r".utf8.contains($0) }) { continue }
            do throws(JSONTextError) {
                return try Self.draft(try JSON(decoding: line))
            } catch {
                throw ToolError(.undecodable, "\(path): line \(lines.number): \(error.reason)")
            }
        }
        return nil
    }

    private static func draft(_ json: JSON) throws(JSONTextError) -> RecordDraft {
        guard case .object(let members) = json else { throw JSONTextError(reason: "not a JSON object") }
        var hash: Hash256?
        var content: [UInt8]?
        var type: String?
        var metadata: [(key: String, value: CBORValue)] = []
        for member in members {
            switch member.key {
            case "content_hash":
                guard case .string(let text) = member.value, let value = Hash256(text) else {
                    throw JSONTextError(reason: "content_hash is not 64 lower-case hexadecimal digits")
                }
                hash = value
            case "content":
                switch try CBORJSON.cbor(member.value) {
                case .text(let text): content = Array(text.utf8)
                case .bytes(let bytes): content = bytes
                default: throw JSONTextError(reason: "content is neither a string nor {\"$bytes\":…}")
                }
            case "content_type":
                guard case .string(let text) = member.value else {
                    throw JSONTextError(reason: "content_type is not a string")
                }
                try checkType(text)
                type = text
            case "metadata":
                metadata = try Self.metadata(member.value)
            default:
                throw JSONTextError(
                    reason: "unknown key '\(member.key)'; known are content_hash, content, content_type and metadata")
            }
        }
        guard let type else { throw JSONTextError(reason: "content_type is missing") }
        switch (hash, content) {
        case (let hash?, nil): return RecordDraft(contentHash: hash, contentType: type, metadata: metadata)
        case (nil, let content?): return RecordDraft(inline: content, contentType: type, metadata: metadata)
        default: throw JSONTextError(reason: "either content_hash or content is needed, and not both")
        }
    }

    private static func metadata(_ json: JSON) throws(JSONTextError) -> [(key: String, value: CBORValue)] {
        // The record's own map is around it.
        guard case .map(let pairs) = try CBORJSON.cbor(json, depth: 1) else {
            throw JSONTextError(reason: "metadata is not an object")
        }
        var metadata: [(key: String, value: CBORValue)] = []
        for pair in pairs {
            guard let key = pair.key.textValue else { throw JSONTextError(reason: "a metadata key is not text") }
            metadata.append((key: key, value: pair.value))
        }
        return metadata
    }

    private static func checkType(_ type: String) throws(JSONTextError) {
        if let reason = AttestedType.objection(to: type) { throw JSONTextError(reason: "content_type \(reason)") }
    }
}
