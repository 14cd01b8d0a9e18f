internal import AttestationChain

extension Chain {
    /// Passes the records of a range to `body`, which may throw, until it returns false or nobody reads the output.
    func forEach(
        in range: Range<Int>, reversed: Bool = false, _ console: Console, _ body: (Record) throws -> Bool
    ) throws {
        var failure: (any Error)?
        try forEachRecord(in: range, reversed: reversed) { record in
            do {
                return try body(record) && console.isOpen
            } catch {
                failure = error
                return false
            }
        }
        if let failure { throw failure }
    }
}
