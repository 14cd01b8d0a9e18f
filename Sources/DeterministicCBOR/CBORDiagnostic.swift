/// Diagnostic notation (RFC 8949 section 8) of one deterministically encoded item.
///
/// Bignums stay in their long form, `2(h'…')`: turning a megabyte of digits into decimal is nothing a reader should have to
/// wait for.
package enum CBORDiagnostic {
    /// One line of the laid-out form.
    package struct Line: Sendable, Equatable {
        /// Where in the bytes the item (or the key before it) begins; nil for a closing bracket.
        package let offset: Int?
        /// How many brackets enclose it.
        package let depth: Int
        package let text: String
    }

    /// The item with one line for each scalar and bracket, and where each stands. O(bytes).
    package static func lines(_ bytes: Span<UInt8>) throws(CBORError) -> [Line] {
        var printer = Printer()
        try printer.item(in: bytes, depth: 0, prefix: "", suffix: "")
        guard printer.cursor.offset == bytes.count else { throw CBORError(.trailingBytes, at: printer.cursor.offset) }
        return printer.lines
    }

    /// The item on one line, as RFC 8949 prints its examples. O(bytes).
    package static func notation(_ bytes: Span<UInt8>) throws(CBORError) -> String {
        var text = ""
        var isBehindOpening = true
        for line in try lines(bytes) {
            let isClosing = line.offset == nil
            if !isBehindOpening, !isClosing { text += " " }
            text += line.text
            isBehindOpening = line.text.utf8.last == UInt8(ascii: "[") || line.text.utf8.last == UInt8(ascii: "{")
        }
        return text
    }

    private struct Printer {
        var cursor = CBORCursor()
        var lines: [Line] = []

        mutating func item(
            in bytes: Span<UInt8>, depth: Int, enclosing: Int = 0, prefix: String, suffix: String,
            from start: Int? = nil
        ) throws(CBORError) {
            let item = try cursor.next(in: bytes)
            let offset = start ?? item.start
            switch item.kind {
            case .array:
                try CBORCursor.checkDepth(enclosing, at: item.start)
                guard item.value > 0 else { return add(offset, depth, prefix + "[]" + suffix) }
                add(offset, depth, prefix + "[")
                for index in 0..<item.value {
                    try self.item(
                        in: bytes, depth: depth + 1, enclosing: enclosing + 1, prefix: "",
                        suffix: index + 1 < item.value ? "," : "")
                }
                add(nil, depth, "]" + suffix)
            case .map:
                try CBORCursor.checkDepth(enclosing, at: item.start)
                guard item.value > 0 else { return add(offset, depth, prefix + "{}" + suffix) }
                add(offset, depth, prefix + "{")
                var order = CBORKeyOrder()
                for index in 0..<item.value {
                    let key = try cursor.next(in: bytes)
                    try order.accept(key, in: bytes)
                    try self.item(
                        in: bytes, depth: depth + 1, enclosing: enclosing + 1,
                        prefix: CBORDiagnostic.scalar(key, in: bytes) + ": ",
                        suffix: index + 1 < item.value ? "," : "", from: key.start)
                }
                add(nil, depth, "}" + suffix)
            case .tag:
                try CBORCursor.checkDepth(enclosing, at: item.start)
                try cursor.checkBignum(item, in: bytes)
                try self.item(
                    in: bytes, depth: depth, enclosing: enclosing + 1, prefix: "\(prefix)\(item.value)(",
                    suffix: ")" + suffix, from: offset)
            default:
                add(offset, depth, prefix + CBORDiagnostic.scalar(item, in: bytes) + suffix)
            }
        }

        private mutating func add(_ offset: Int?, _ depth: Int, _ text: String) {
            lines.append(Line(offset: offset, depth: depth, text: text))
        }
    }

    /// An item that contains no other.
    private static func scalar(_ item: CBORItem, in bytes: Span<UInt8>) -> String {
        switch item.kind {
        case .unsigned: "\(item.value)"
        case .negative: "\(-1 - Int128(item.value))"
        case .bytes: "h'" + hex(bytes.extracting(item.content)) + "'"
        case .text: quoted(CBORCursor.string(item.content, of: bytes))
        case .bool: item.value != 0 ? "true" : "false"
        case .null: "null"
        case .float: float(item.number)
        case .array, .map, .tag: preconditionFailure("not a scalar")
        }
    }

    private static func float(_ number: Double) -> String {
        if number.isNaN { return "NaN" }
        if number.isInfinite { return number < 0 ? "-Infinity" : "Infinity" }
        return number.description
    }

    private static func hex(_ bytes: Span<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 2)
        for index in bytes.indices {
            text.append(digits[Int(bytes[index] >> 4)])
            text.append(digits[Int(bytes[index] & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// A JSON string, in which nothing invisible stays: such a character is written as `\u` and its UTF-16 units.
    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            default:
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
                    for unit in String(scalar).utf16 {
                        let digits = String(unit, radix: 16)
                        quoted += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
                    }
                default: quoted.unicodeScalars.append(scalar)
                }
            }
        }
        return quoted + "\""
    }
}
