import Foundation

/// A running program that answers each line with a line, both JSON.
final class Conversation {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let name: String
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private var received = Data()

    init(_ executable: String, _ arguments: [String]) throws {
        name = ([executable] + arguments).joined(separator: " ")
        process.executableURL = URL(filePath: executable)
        process.arguments = arguments
        process.standardInput = input
        process.standardOutput = output
        try process.run()
    }

    deinit {
        // The end of its input ends the program.
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    /// Sends a line and waits for the answer.
    func ask(_ request: Any) throws -> [String: Any] {
        try send(request)
        return try receive()
    }

    func send(_ request: Any) throws {
        let line = try JSONSerialization.data(withJSONObject: request, options: .withoutEscapingSlashes)
        try input.fileHandleForWriting.write(contentsOf: line + Data("\n".utf8))
    }

    func receive() throws -> [String: Any] {
        while true {
            if let end = received.firstIndex(of: UInt8(ascii: "\n")) {
                let line = received[..<end]
                received = Data(received[(end + 1)...])
                guard let answer = try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any] else {
                    throw Failure(description: "\(name): the answer is no JSON object")
                }
                return answer
            }
            let more = output.fileHandleForReading.availableData
            if more.isEmpty { throw Failure(description: "\(name): ended without an answer") }
            received += more
        }
    }
}
