internal import ArgumentParser
internal import AttestationChain

/// `append`
struct AppendCommand: ChainCommand {
    static let configuration = CommandConfiguration(
        commandName: "append",
        abstract: "Attest files: one signed record each.",
        discussion: """
            A record holds the SHA-256 of a file's content, its name as given and its size; --inline puts the content \
            itself into it. '-' is standard input. The content type is guessed from the name unless --type gives it. \
            Each record is on disk before its line is printed.

            Example:
              chainctl append evidence --key signer.pem photo.jpg --meta case=4711
              chainctl append evidence --key signer.pem --recursive photos
            """)

    @OptionGroup var target: WritableChainArgument
    @Argument(help: "Files, directories (with --recursive), or '-' for standard input.", completion: .file())
    var paths: [String] = []
    @OptionGroup var keyOption: KeyOption
    @Option(help: ArgumentHelp("The content type of all of them.", valueName: "type"))
    var type: String?
    @Option(
        help: ArgumentHelp(
            "Metadata of all of them: KEY=TEXT, or KEY:=JSON for another value. May be repeated.",
            valueName: "key=value"),
        transform: MetadataOption.parse)
    var meta: [MetadataOption] = []
    @Flag(help: "Put the content itself into the record.")
    var inline = false
    @Flag(help: "Attest all files in directories, sorted by path. Symbolic links in them are passed over.")
    var recursive = false
    @Flag(help: "Wait for the disk once for many records. Faster; when it fails, some may be on disk.")
    var batch = false
    @Option(
        help: ArgumentHelp(
            "Append a record for each line of this file ('-': standard input): a JSON object with content_hash or"
                + " content, content_type, and metadata.",
            valueName: "file"),
        completion: .file())
    var jsonl: String?
    @OptionGroup var waitOption: WaitOption
    @OptionGroup var format: FormatOption

    private static let standardInput = "-"

    func validate() throws {
        if jsonl != nil {
            guard paths.isEmpty, type == nil, meta.isEmpty, !inline, !recursive else {
                throw ValidationError(
                    "--jsonl says all about its records; it goes with neither paths nor --type, --meta, --inline and"
                        + " --recursive"
                )
            }
        } else if paths.isEmpty {
            throw ValidationError("nothing to append: name files, '-' for standard input, or --jsonl FILE")
        }
        guard paths.count(where: { $0 == Self.standardInput }) <= 1 else {
            throw ValidationError("standard input ('-') can be read once only")
        }
        if let type, let reason = AttestedType.objection(to: type) { throw ValidationError("the type \(reason)") }
        try validateMetadataKeys()
    }

    private func validateMetadataKeys() throws {
        var keys: Set<[UInt8]> = [Array("size".utf8)]
        if paths.contains(where: { $0 != Self.standardInput }) { keys.insert(Array("name".utf8)) }
        let own = keys
        for option in meta where !keys.insert(Array(option.key.utf8)).inserted {
            throw ValidationError(
                own.contains(Array(option.key.utf8))
                    ? "--meta \(option.key): the file itself says that" : "--meta \(option.key) is given twice")
        }
    }

    func perform(_ console: Console) throws -> ExitStatus {
        let key = try keyOption.load()
        if let jsonl { return try append(lines: jsonl, key, console) }
        return try append(files: paths, key, console)
    }

    private func session(_ key: SigningKey, _ console: Console) throws -> AppendSession {
        try AppendSession(
            target.chain, key: key, lock: waitOption.lock, isBatch: batch, json: format.json, console)
    }

    private func append(lines path: String, _ key: SigningKey, _ console: Console) throws -> ExitStatus {
        // A file is read twice, so that a mistake in its last line is noticed before anything is written.
        if path != Self.standardInput {
            var reader = try DraftReader(path)
            while try reader.next() != nil {}
        }
        var reader = try DraftReader(path)
        let session = try session(key, console)
        let progress = ProgressBar(.count("records"), console, sharesTerminal: true)
        var count = 0
        do {
            while let draft = try reader.next() {
                try session.append(draft, name: draft.name)
                count += 1
                progress.update(count, of: nil)
            }
            try session.finish()
        } catch {
            progress.clear()
            throw session.explain(error)
        }
        return .done
    }

    private func append(files: [String], _ key: SigningKey, _ console: Console) throws -> ExitStatus {
        let system = PosixSystem()
        let chainIdentity = try OpenFile(target.chain, .read, system: system).status().identity
        let keyIdentity = try OpenFile(try keyOption.path, .read, system: system).status().identity
        let operands = FileOperands(
            paths: files.filter { $0 != Self.standardInput }, isRecursive: recursive, excluded: chainIdentity)
        // All of it once without writing: what is missing, unreadable or too large shows before the first record.
        var count = 0
        try operands.forEach(note: { console.note($0) }) { file in
            _ = try OpenFile(file.path, .read, system: system)
            if inline {
                try FileHasher.requireInlineSize(file.size, file.path)
                guard file.identity != keyIdentity else {
                    throw ToolError(.usage, "\(file.path): refusing to put the private key that signs into a record")
                }
            }
            count += 1
        }
        // Standard input too: whoever feeds it may take long, and others should not wait for the chain.
        var inputDraft: RecordDraft?
        if files.contains(Self.standardInput) {
            inputDraft = draft(try FileHasher.hashInput(keepsBytes: inline), name: nil)
            count += 1
        }
        let session = try session(key, console)
        let progress = ProgressBar(.count("files"), console, sharesTerminal: true)
        var done = 0
        do {
            for path in files {
                if path == Self.standardInput {
                    if let inputDraft { try session.append(inputDraft, name: nil) }
                    continue
                }
                let operand = FileOperands(paths: [path], isRecursive: recursive, excluded: chainIdentity)
                try operand.forEach { file in
                    let content = try FileHasher.hash(file.path, identity: file.identity, keepsBytes: inline)
                    try session.append(draft(content, name: file.name), name: file.name)
                    done += 1
                    progress.update(done, of: count)
                }
            }
            try session.finish()
        } catch {
            progress.clear()
            throw session.explain(error)
        }
        if count == 0 { console.note("no files, so nothing was appended") }
        return .done
    }

    private func draft(_ content: HashedContent, name: String?) -> RecordDraft {
        var metadata: [(key: String, value: CBORValue)] = [("size", CBORValue(Int64(content.size)))]
        if let name { metadata.append(("name", .text(name))) }
        metadata += meta.map { ($0.key, $0.value) }
        let type = type ?? name.map { AttestedType.guess($0) } ?? AttestedType.unknown
        if let bytes = content.bytes { return RecordDraft(inline: bytes, contentType: type, metadata: metadata) }
        return RecordDraft(contentHash: content.hash, contentType: type, metadata: metadata)
    }
}

extension RecordDraft {
    /// The name in the metadata.
    fileprivate var name: String? {
        metadata.first { $0.key.utf8.elementsEqual("name".utf8) }?.value.textValue
    }
}
