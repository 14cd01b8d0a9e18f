/// Several ways to do one work, timed side by side.
protocol Experiment {
    /// Which times of a round are compared with which.
    var lines: [Line] { get }
    /// Does each way once.
    func run(_ round: inout Round) throws
}

/// One line of the table.
struct Line {
    /// What the project does.
    let work: String
    /// Name of its time in the rounds.
    let project: String
    /// What it is compared with.
    let beside: String
    /// Name of that time in the rounds.
    let limit: String
    /// What one operation is.
    let unit: String
}

/// The times of one round, in seconds per operation.
struct Round {
    let number: Int
    private(set) var seconds: [String: Double] = [:]
    private static let clock = ContinuousClock()

    init(number: Int) { self.number = number }

    /// Times ways to do the same work one after the other. The order turns from round to round, so that none is always
    /// the one behind a neighbour's build.
    mutating func time(operations: Int, _ ways: [(name: String, body: () throws -> Void)]) throws {
        for position in ways.indices {
            let way = ways[(position + number) % ways.count]
            let duration = try Self.clock.measure(way.body)
            seconds[way.name] = Self.seconds(duration) / Double(operations)
        }
    }

    /// Times single operations in turn, for work that waits for the disk: all ways meet the same moments of it.
    mutating func timeInTurn(operations: Int, _ ways: [(name: String, body: (Int) throws -> Void)]) throws {
        var sums = [Duration](repeating: .zero, count: ways.count)
        for operation in 0..<operations {
            for position in ways.indices {
                let way = (position + operation) % ways.count
                sums[way] += try Self.clock.measure { try ways[way].body(operation) }
            }
        }
        for (way, sum) in zip(ways, sums) { seconds[way.name] = Self.seconds(sum) / Double(operations) }
    }

    private static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    }
}

/// Keeps a result from being optimized away, and a limit from being wrong unnoticed.
func check(_ condition: Bool, _ message: @autoclosure () -> String) throws {
    if !condition { throw MeasurementError(message: message()) }
}

struct MeasurementError: Error, CustomStringConvertible {
    let message: String
    var description: String { message }
}
