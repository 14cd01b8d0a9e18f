/// A line on a terminal's standard error that says how far long work has come. Nothing where there is no terminal.
final class ProgressBar {
    enum Unit {
        case count(String)
        case bytes
    }

    private let unit: Unit
    private let isShown: Bool
    private let start = Clock.seconds()
    private var lastDrawn = 0.0
    private var isDrawn = false

    /// Work that is done sooner needs no bar.
    private static let quietSeconds = 1.0
    private static let secondsBetween = 0.2

    /// Starts the clock. `sharesTerminal`: results go out while the work goes on; on the same terminal they show how
    /// far it is.
    init(_ unit: Unit, _ console: Console, sharesTerminal: Bool = false) {
        self.unit = unit
        isShown = console.errorIsTerminal && !(sharesTerminal && console.outputIsTerminal)
    }

    deinit { clear() }

    func update(_ done: Int, of total: Int?) {
        guard isShown else { return }
        let now = Clock.seconds()
        guard now - start >= Self.quietSeconds, now - lastDrawn >= Self.secondsBetween else { return }
        lastDrawn = now
        isDrawn = true
        draw("\r" + Self.line(done, of: total, unit, seconds: now - start) + "\u{1B}[K")
    }

    /// Takes the bar away, before anything else is written to the terminal.
    func clear() {
        guard isDrawn else { return }
        isDrawn = false
        draw("\r\u{1B}[K")
    }

    private func draw(_ text: String) {
        _ = StandardStreams.write(Array(text.utf8), to: StandardStreams.error)
    }

    /// ` 42%  420 of 1,000 records  84/s  0:06 left`
    static func line(_ done: Int, of total: Int?, _ unit: Unit, seconds: Double) -> String {
        let rate = seconds > 0 ? Double(done) / seconds : 0
        var parts: [String] = []
        if let total, total > 0 { parts.append("\(min(100, done * 100 / total))%") }
        switch unit {
        case .count(let noun):
            let amount = total.map { "\(TerminalText.grouped(done)) of \(TerminalText.grouped($0))" }
            parts.append("\(amount ?? TerminalText.grouped(done)) \(noun)")
            parts.append("\(TerminalText.grouped(Int(rate)))/s")
        case .bytes:
            parts.append(total.map { "\(megabytes(done)) of \(megabytes($0)) MB" } ?? "\(megabytes(done)) MB")
            parts.append("\(megabytes(Int(rate))) MB/s")
        }
        if let total, rate > 0 {
            let left = Int(Double(max(0, total - done)) / rate)
            let (minutes, rest) = (left / 60, left % 60)
            parts.append("\(minutes):\(rest < 10 ? "0" : "")\(rest) left")
        }
        return parts.joined(separator: "  ")
    }

    private static func megabytes(_ bytes: Int) -> String {
        let tenths = bytes / 100_000
        return "\(TerminalText.grouped(tenths / 10)).\(tenths % 10)"
    }
}
