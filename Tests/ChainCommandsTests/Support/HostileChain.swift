import AttestationChain

/// Records that the tool itself refuses to write.
enum HostileChain {
    static func append(type: String, in workspace: Workspace) throws {
        let key = try SigningKey(contentsOf: "\(workspace.path)/signer.pem")
        var writer = try ChainWriter(opening: "\(workspace.path)/evidence", signer: key)
        try writer.append(RecordDraft(contentHash: .zero, contentType: type))
        try writer.close()
    }
}
