internal import AttestationChain

/// The content types that `append` writes.
enum AttestedType {
    /// What content is when nothing says otherwise.
    static let unknown = "application/octet-stream"

    /// Why a type cannot be given to a record by hand; nil when it can.
    static func objection(to type: String) -> String? {
        if type.utf8.isEmpty || type.utf8.count > ChainFormat.maximumContentTypeSize {
            return "has \(type.utf8.count) bytes, not 1 to \(ChainFormat.maximumContentTypeSize)"
        }
        // What such a record says is the tool's business: one made by hand would change who may sign, or claim to.
        let isReserved =
            type.utf8.starts(with: ContentType.reservedPrefix.utf8)
            || type.utf8.elementsEqual(ContentType.keyRotation.utf8)
        return isReserved ? "'\(type)' is reserved; 'init' and 'rotate' write such records" : nil
    }

    /// The type of a file by the end of its name.
    static func guess(_ name: String) -> String {
        guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) else { return unknown }
        return byExtension[name[name.utf8.index(after: dot)...].lowercased()] ?? unknown
    }

    private static let byExtension: [String: String] = [
        // Images
        "avif": "image/avif", "bmp": "image/bmp", "cr2": "image/x-canon-cr2", "dng": "image/x-adobe-dng",
        "gif": "image/gif",
        "heic": "image/heic", "heif": "image/heif", "ico": "image/vnd.microsoft.icon", "jpeg": "image/jpeg",
        "jpg": "image/jpeg", "jxl": "image/jxl", "nef": "image/x-nikon-nef", "png": "image/png", "svg": "image/svg+xml",
        "tif": "image/tiff", "tiff": "image/tiff", "webp": "image/webp",
        // Sound and film
        "aac": "audio/aac", "flac": "audio/flac", "m4a": "audio/mp4", "mid": "audio/midi", "mp3": "audio/mpeg",
        "oga": "audio/ogg", "ogg": "audio/ogg", "opus": "audio/ogg", "wav": "audio/wav", "3gp": "video/3gpp",
        "avi": "video/x-msvideo", "m4v": "video/mp4", "mkv": "video/matroska", "mov": "video/quicktime",
        "mp4": "video/mp4",
        "mpeg": "video/mpeg", "mpg": "video/mpeg", "ogv": "video/ogg", "webm": "video/webm",
        // Text and source
        "c": "text/x-c", "css": "text/css", "csv": "text/csv", "diff": "text/x-diff", "eml": "message/rfc822",
        "h": "text/x-c", "htm": "text/html", "html": "text/html", "ics": "text/calendar", "js": "text/javascript",
        "log": "text/plain", "md": "text/markdown", "mjs": "text/javascript", "patch": "text/x-diff",
        "py": "text/x-python",
        "rst": "text/x-rst", "sh": "text/x-shellscript", "swift": "text/x-swift", "tex": "text/x-tex",
        "tsv": "text/tab-separated-values",
        "txt": "text/plain", "vcf": "text/vcard", "xml": "application/xml",
        // Documents and data
        "cbor": "application/cbor", "doc": "application/msword",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "epub": "application/epub+zip",
        "json": "application/json", "jsonl": "application/jsonl",
        "odp": "application/vnd.oasis.opendocument.presentation",
        "ods": "application/vnd.oasis.opendocument.spreadsheet", "odt": "application/vnd.oasis.opendocument.text",
        "pcap": "application/vnd.tcpdump.pcap", "pdf": "application/pdf", "ppt": "application/vnd.ms-powerpoint",
        "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "ps": "application/postscript",
        "rtf": "application/rtf", "sqlite": "application/vnd.sqlite3", "toml": "application/toml",
        "wasm": "application/wasm",
        "xls": "application/vnd.ms-excel", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "yaml": "application/yaml", "yml": "application/yaml",
        // Archives and keys
        "7z": "application/x-7z-compressed", "bz2": "application/x-bzip2", "gz": "application/gzip",
        "iso": "application/x-iso9660-image", "jar": "application/java-archive", "pem": "application/x-pem-file",
        "rar": "application/vnd.rar", "tar": "application/x-tar", "tgz": "application/gzip", "xz": "application/x-xz",
        "zip": "application/zip", "zst": "application/zstd",
    ]
}
