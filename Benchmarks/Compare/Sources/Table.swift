internal import Foundation

/// What a run found, as people read it.
struct Table {
    private let machine: String
    private let plan: Plan
    private let rounds: Int
    private var rows: [[String]] = []
    private var memory: [MemoryUse] = []

    init(machine: String, plan: Plan, rounds: Int) {
        (self.machine, self.plan, self.rounds) = (machine, plan, rounds)
    }

    mutating func add(_ lines: [Line], _ rounds: [Round]) {
        for line in lines {
            var (ratios, project, limit) = ([Double](), [Double](), [Double]())
            for round in rounds {
                guard let mine = round.seconds[line.project], let other = round.seconds[line.limit] else {
                    preconditionFailure("each round times everything that is compared")
                }
                ratios.append(other / mine)
                project.append(mine)
                limit.append(other)
            }
            ratios.sort()
            rows.append([
                line.work, line.beside, Self.ratio(Self.median(ratios)),
                "\(Self.ratio(ratios.first ?? 0)) – \(Self.ratio(ratios.last ?? 0))",
                Self.rate(project, line.unit), Self.rate(limit, line.unit),
            ])
        }
    }

    mutating func add(_ memory: [MemoryUse]) { self.memory += memory }

    private static let header = ["work", "beside", "ratio", "spread", "project (indication)", "limit (indication)"]
    private static let memoryHeader = ["work, in a process of its own", "resident before", "peak resident"]

    private var memoryRows: [[String]] {
        memory.map { [$0.work, Self.mebibytes($0.startBytes), Self.mebibytes($0.peakBytes)] }
    }

    private static func mebibytes(_ bytes: Int) -> String { String(format: "%.1f MiB", Double(bytes) / 1_048_576) }

    private var preamble: String {
        "\(machine); \(rounds) rounds; ratio = project's rate / limit's rate in the same round: median, least – greatest."
    }

    var markdown: String {
        var parts = [preamble]
        if !rows.isEmpty { parts.append(Self.markdown(Self.header, rows)) }
        if !memory.isEmpty { parts.append(Self.markdown(Self.memoryHeader, memoryRows)) }
        return parts.joined(separator: "\n\n")
    }

    private static func markdown(_ header: [String], _ rows: [[String]]) -> String {
        let lines = [header, header.map { _ in "---" }] + rows
        return lines.map { "| \($0.joined(separator: " | ")) |" }.joined(separator: "\n")
    }

    var text: String {
        var parts = [preamble]
        if !rows.isEmpty { parts.append(Self.columns([Self.header] + rows)) }
        if !memory.isEmpty { parts.append(Self.columns([Self.memoryHeader] + memoryRows)) }
        return parts.joined(separator: "\n\n")
    }

    private static func columns(_ rows: [[String]]) -> String {
        let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: "  ")
        }.joined(separator: "\n")
    }

    private static func median(_ sorted: [Double]) -> Double {
        guard !sorted.isEmpty else { return 0 }
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }

    private static func ratio(_ value: Double) -> String { String(format: value < 0.1 ? "%.3f" : "%.2f", value) }

    /// Seconds per operation as people say it.
    private static func rate(_ seconds: [Double], _ unit: String) -> String {
        let median = median(seconds.sorted())
        let rate = median > 0 ? 1 / median : 0
        let text = rate >= 1e6 ? String(format: "%.1f M", rate / 1e6) : String(format: "%.0f", rate)
        return "\(text) \(unit)s/s (\(String(format: "%.2f", median * 1e6)) µs)"
    }
}
