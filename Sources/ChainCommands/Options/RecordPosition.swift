internal import ArgumentParser

/// A record by its index, or counted from the end: `7`, `HEAD`, `HEAD~2`.
struct RecordPosition: ExpressibleByArgument, Equatable, CustomStringConvertible {
    enum Anchor: Equatable {
        case index(Int)
        /// So many records before the last one.
        case beforeHead(Int)
    }

    let anchor: Anchor

    init?(argument: String) {
        if argument == "HEAD" {
            anchor = .beforeHead(0)
        } else if argument.hasPrefix("HEAD~") {
            guard let distance = Self.number(argument.dropFirst("HEAD~".count)) else { return nil }
            anchor = .beforeHead(distance)
        } else {
            guard let index = Self.number(argument[...]) else { return nil }
            anchor = .index(index)
        }
    }

    /// Digits only: a sign, which Int would take, is no part of an index.
    private static func number(_ text: Substring) -> Int? {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int(text) : nil
    }

    var description: String {
        switch anchor {
        case .index(let index): "\(index)"
        case .beforeHead(0): "HEAD"
        case .beforeHead(let distance): "HEAD~\(distance)"
        }
    }

    /// The index in a chain of `count` records.
    func resolve(count: Int) throws(ToolError) -> Int {
        let index =
            switch anchor {
            case .index(let index): index
            case .beforeHead(let distance): count - 1 - distance
            }
        guard (0..<count).contains(index) else {
            throw ToolError(
                .usage,
                "no record \(self): the chain has \(TerminalText.count(count, "record")), from 0 to \(count - 1)")
        }
        return index
    }
}
