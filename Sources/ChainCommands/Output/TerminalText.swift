/// The one rule for text on its way to a terminal.
///
/// Names, types and metadata come from files and records that anyone may have made. A terminal obeys control
/// characters, and bidirectional and invisible ones make text look like other text; none of them gets through.
package enum TerminalText {
    /// `text` with every control, format (bidirectional, zero-width) and line-separating character as `\u{…}`.
    ///
    /// A backslash that would begin such an escape is escaped itself, so what stands in the output is never ambiguous.
    package static func escape(_ text: String) -> String {
        if isPlain(text) { return text }
        var escaped = ""
        var scalars = text.unicodeScalars[...]
        while let scalar = scalars.popFirst() {
            if isHidden(scalar) || scalar == "\\" && scalars.starts(with: "u{".unicodeScalars) {
                escaped += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// Printable ASCII without a backslash: nearly everything.
    private static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }
    }

    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        // C0, DEL and C1; bidirectional controls, zero-width characters, tags; U+2028 and U+2029.
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }

    /// At most `limit` characters, the last one an ellipsis when some were left out.
    static func shortened(_ text: String, to limit: Int) -> String {
        text.count <= limit ? text : text.prefix(limit - 1) + "…"
    }

    /// Thousands separated, for reading.
    static func grouped(_ number: Int) -> String {
        let digits = String(number)
        var grouped = ""
        for (position, digit) in digits.enumerated() {
            if position > 0, digit != "-", (digits.count - position).isMultiple(of: 3) { grouped.append(",") }
            grouped.append(digit)
        }
        return grouped
    }

    /// "1 record", "2 records".
    static func count(_ number: Int, _ noun: String) -> String {
        "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")"
    }
}
