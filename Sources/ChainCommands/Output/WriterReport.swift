internal import AttestationChain

/// What a writer has to say beside its records.
enum WriterReport {
    /// Says what opening the chain had to mend.
    static func recovery(_ recovery: Recovery, of path: String, _ console: Console) {
        if recovery.tornBytes > 0 {
            console.warning(
                "\(path): \(TerminalText.count(recovery.tornBytes, "byte")) of a record that was never finished were cut off"
                    + " at offset \(recovery.tornOffset), and kept as \(recovery.evidence ?? "nothing")")
        }
        if let reason = recovery.unusableState {
            console.warning("\(path): state.cbor was not usable and was written anew; the old one is kept: \(reason)")
        }
    }

    /// Closes a writer. That its checkpoint cannot be written puts no record at risk.
    static func close(_ writer: consuming ChainWriter, _ console: Console) {
        do throws(ChainError) {
            try writer.close()
        } catch {
            console.warning("\(error); all records are on disk, the next opening only reads more")
        }
    }
}
