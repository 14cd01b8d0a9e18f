internal import AttestationChain

/// A chain as the reading commands open it: what holds can be shown even when not everything does.
struct OpenedChain {
    let chain: Chain
    /// What is wrong behind the records that hold; thrown once they were shown.
    private let problem: ChainError?

    /// Opens a chain, and says on standard error when it ends in a torn tail.
    ///
    /// - Throws: when the chain holds no record at all.
    init(_ path: String, _ console: Console) throws {
        chain = try Chain(opening: path, allowingDamage: true)
        problem = chain.problem
        if case .torn(let bytes) = chain.tail {
            console.note(
                "\(path): \(TerminalText.count(bytes, "byte")) of a record that was never finished follow at offset"
                    + " \(chain.byteLength); 'chainctl repair' cuts them off")
        }
        if chain.count == 0 {
            throw problem ?? ChainError(.empty, "the chain holds no record; 'init' begins one", path: path)
        }
    }

    /// The end of a command that has shown what holds.
    func finish() throws -> ExitStatus {
        if let problem { throw problem }
        return .done
    }
}
