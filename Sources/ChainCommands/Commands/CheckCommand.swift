internal import ArgumentParser
internal import AttestationChain

/// `check`
struct CheckCommand: ChainCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Say which records attest a file's content.",
        discussion: """
            Compares the SHA-256 of each file with every record; names do not matter. Exits 1 when a file was not \
            attested. It checks no signatures: 'verify' says whether the chain holds, and whose it is.

            Example:
              chainctl check evidence photo.jpg
            """)

    @OptionGroup var source: ReadableChainArgument
    @Argument(help: "Files, or '-' for standard input.", completion: .file())
    var files: [String]
    @OptionGroup var format: FormatOption

    func validate() throws {
        guard files.count(where: { $0 == "-" }) <= 1 else {
            throw ValidationError("standard input ('-') can be read once only")
        }
    }

    func perform(_ console: Console) throws -> ExitStatus {
        let opened = try OpenedChain(source.chain, console)
        let chain = opened.chain
        let hashes = try files.map { file in
            try file == "-" ? FileHasher.hashInput().hash : FileHasher.hash(file).hash
        }
        var matches = Dictionary(hashes.map { ($0, [Int]()) }, uniquingKeysWith: { first, _ in first })
        let progress = ProgressBar(.count("records"), console)
        try chain.forEach(in: 0..<chain.count, console) { record in
            matches[record.contentHash]?.append(record.index)
            progress.update(record.index + 1, of: chain.count)
            return true
        }
        progress.clear()
        for (file, hash) in zip(files, hashes) {
            try show(file, hash, matches[hash] ?? [], chain, console)
        }
        let all = hashes.allSatisfy { matches[$0]?.isEmpty == false }
        let status = try opened.finish()
        return all ? status : .invalid
    }

    private func show(_ file: String, _ hash: Hash256, _ indices: [Int], _ chain: Chain, _ console: Console) throws {
        let records = try indices.map { try chain.record(at: $0) }
        if format.json {
            try console.json([
                "path": .string(file), "content_hash": JSON(hash), "attested": .bool(!records.isEmpty),
                "records": .array(records.map { Self.json($0) }),
            ])
            return
        }
        if records.isEmpty { return try console.line("\(file): not attested here (SHA-256 \(hash))") }
        for record in records {
            let time = Timestamp(microseconds: record.claimedTimestamp).textInSeconds
            let name = record.name.map { ", as \(TerminalText.shortened($0, to: 120))" } ?? ""
            try console.line(
                "\(file): record \(record.index), claimed \(time), signer \(record.signer.fingerprint.short)\(name)")
        }
    }

    private static func json(_ record: Record) -> JSON {
        [
            "index": JSON(record.index), "record_hash": JSON(record.recordHash),
            "content_type": .string(record.contentType), "name": JSON(record.name),
            "claimed_ts": .integer(record.claimedTimestamp),
            "claimed_at": JSON(Timestamp(microseconds: record.claimedTimestamp).text), "signer": JSON(record.signer),
        ]
    }
}
