internal import ArgumentParser

/// Records from one to another, both included: `A..B`, `A..`, `..B`, or one alone.
struct RecordRange: ExpressibleByArgument, Equatable {
    /// Nil is the first record.
    let first: RecordPosition?
    /// Nil is the last one.
    let last: RecordPosition?

    init?(argument: String) {
        guard let dots = argument.firstRange(of: "..") else {
            guard let position = RecordPosition(argument: argument) else { return nil }
            (first, last) = (position, position)
            return
        }
        let (start, end) = (String(argument[..<dots.lowerBound]), String(argument[dots.upperBound...]))
        guard !start.isEmpty || !end.isEmpty else { return nil }
        first = RecordPosition(argument: start)
        last = RecordPosition(argument: end)
        guard start.isEmpty || first != nil, end.isEmpty || last != nil else { return nil }
    }

    /// The indices in a chain of `count` records.
    func resolve(count: Int) throws(ToolError) -> Range<Int> {
        let start = try first?.resolve(count: count) ?? 0
        let end = try last?.resolve(count: count) ?? count - 1
        guard start <= end else {
            throw ToolError(.usage, "an empty range: record \(end) comes before record \(start)")
        }
        return start..<(end + 1)
    }
}

/// Which records to look at.
struct RangeOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Only these records: A..B (both included), A.., ..B, or one. HEAD and HEAD~n count from the end.",
            valueName: "range"))
    var range: RecordRange?

    /// The indices in a chain of `count` records; all of them when nothing was asked for.
    func resolve(count: Int) throws(ToolError) -> Range<Int> {
        try range?.resolve(count: count) ?? 0..<count
    }
}
