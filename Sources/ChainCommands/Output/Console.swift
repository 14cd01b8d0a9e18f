/// Where a command's results (standard output) and everything else (standard error) go.
///
/// Whatever is shown to people passes ``TerminalText/escape(_:)`` here and nowhere else.
final class Console {
    enum Colour: String {
        case green = "32"
        case yellow = "33"
        case red = "31"
    }

    private var buffer: [UInt8] = []
    private static let bufferSize = 1 << 16
    /// False once nobody reads standard output any more (`chainctl log | head`): the end of the work, not an error.
    private(set) var isOpen = true

    let outputIsTerminal = StandardStreams.isTerminal(StandardStreams.output)
    let errorIsTerminal = StandardStreams.isTerminal(StandardStreams.error)
    /// https://no-color.org: any value but the empty one.
    private lazy var showsColour =
        outputIsTerminal && (ProcessEnvironment.value("NO_COLOR") ?? "").isEmpty
        && ProcessEnvironment.value("TERM") != "dumb"

    /// Writes a line for people.
    func line(_ text: String, colour: Colour? = nil) throws(ToolError) {
        let escaped = TerminalText.escape(text)
        if let colour, showsColour {
            try write("\u{1B}[\(colour.rawValue)m\(escaped)\u{1B}[0m\n".utf8)
        } else {
            try write("\(escaped)\n".utf8)
        }
    }

    /// Writes one JSON document on a line of its own.
    func json(_ value: JSON) throws(ToolError) {
        try write(value.encoded())
        try write("\n".utf8)
    }

    /// Writes bytes as they are.
    func write(_ bytes: some Sequence<UInt8>) throws(ToolError) {
        guard isOpen else { return }
        buffer.append(contentsOf: bytes)
        if buffer.count >= Self.bufferSize { try flush() }
    }

    /// Writes text of our own that has several lines: help.
    func text(_ text: String) {
        buffer.append(contentsOf: text.utf8)
        if !text.isEmpty, text.utf8.last != UInt8(ascii: "\n") { buffer.append(UInt8(ascii: "\n")) }
    }

    func flush() throws(ToolError) {
        guard isOpen, !buffer.isEmpty else { return }
        defer { buffer.removeAll(keepingCapacity: true) }
        switch StandardStreams.write(buffer, to: StandardStreams.output) {
        case .done: break
        case .closed: isOpen = false
        case .failed(let reason): throw ToolError(.inputOutput, "cannot write to standard output: \(reason)")
        }
    }

    /// Says something beside the results.
    func note(_ text: String) { say("note: \(text)") }

    /// Says that something is not as it should be, although the work goes on.
    func warning(_ text: String) { say("warning: \(text)") }

    /// Says why the work stops.
    func error(_ text: String) { say(text) }

    private func say(_ text: String) {
        // Keeps the order on a terminal; a failure comes back at the next write of a result.
        try? flush()
        // When standard error is gone there is nobody left to tell.
        _ = StandardStreams.write(Array("chainctl: \(TerminalText.escape(text))\n".utf8), to: StandardStreams.error)
    }
}
