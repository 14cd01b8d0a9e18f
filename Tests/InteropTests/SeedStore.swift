import ChainCrypto
import Foundation
import Testing

/// The older Python store, running in a process of its own, with one chain open.
final class SeedStore {
    struct Record {
        let index: Int
        let hash: Hash256
        let signer: PublicKey

        init(_ answer: [String: Any]) throws {
            index = try #require(answer["index"] as? Int)
            hash = try #require((answer["hash"] as? String).flatMap { Hash256($0) })
            signer = try #require((answer["signer"] as? String).flatMap { PublicKey($0) })
        }
    }

    /// An exception of the store, by its type's name.
    struct Refusal: Error, CustomStringConvertible {
        let name: String
        let description: String
    }

    private let conversation: Conversation
    private let path: String

    init(_ path: String) throws {
        self.path = path
        let driver = Availability.root.appending(path: "Tests/InteropTests/drive_peer.py").path
        let folder = try #require(Availability.seedStore)
        conversation = try Conversation(Availability.requirePython(), ["-B", driver, folder])
        try open("main")
    }

    /// Opens the chain once more, with what the store then knows under a name of its own.
    func open(_ name: String) throws {
        _ = try ask("open", ["store": name, "path": path])
    }

    @discardableResult
    func append(_ key: SharedKey, _ content: String, options: [String: Any] = [:]) throws -> Record {
        try Record(ask("append", options.merging(["seed": key.seed, "content": content]) { $1 }, "main"))
    }

    @discardableResult
    func rotate(_ key: SharedKey, to newKey: SharedKey) throws -> Record {
        try Record(ask("rotate", ["seed": key.seed, "new": newKey.seed], "main"))
    }

    /// True, or a refusal: the store's own verdict.
    func verify(from start: Int = 0) throws -> Bool {
        try flag("valid", ask("verify", ["start": start], "main"))
    }

    func head(of store: String = "main") throws -> Record { try Record(ask("head", [:], store)) }
    func record(at index: Int) throws -> Record { try Record(ask("get", ["index": index], "main")) }
    /// As a store says that is opened anew: one that is open never looks again.
    func count() throws -> Int {
        try open("new")
        return try #require(ask("count", [:], "new")["count"] as? Int)
    }

    /// Takes chain.bin's lock, unless somebody has it.
    func lock(shared: Bool = false) throws -> Bool {
        try flag("locked", ask("lock", ["path": "\(path)/chain.bin", "shared": shared]))
    }

    func unlock() throws { _ = try ask("unlock", ["path": "\(path)/chain.bin"]) }

    /// Appends, and runs `body` after the store has opened the file and before it locks it.
    func append(_ key: SharedKey, _ content: String, meanwhile body: () throws -> Void) throws -> Record {
        let paused = try append(request: key, content)
        #expect(paused["paused"] as? Bool == true)
        try body()
        try conversation.send([String: String]())
        return try Record(Self.unwrap(conversation.receive()))
    }

    private func flag(_ name: String, _ answer: [String: Any]) throws -> Bool {
        guard let value = answer[name] as? Bool else {
            throw Refusal(name: "", description: "no \(name) in the answer")
        }
        return value
    }

    private func append(request key: SharedKey, _ content: String) throws -> [String: Any] {
        try ask("append", ["seed": key.seed, "content": content, "pause": true], "main")
    }

    private func ask(_ action: String, _ arguments: [String: Any], _ store: String? = nil) throws -> [String: Any] {
        var request = arguments
        request["do"] = action
        if let store { request["store"] = store }
        return try Self.unwrap(conversation.ask(request))
    }

    private static func unwrap(_ answer: [String: Any]) throws -> [String: Any] {
        if answer["ok"] as? Bool == true { return answer }
        throw Refusal(
            name: answer["error"] as? String ?? "", description: "\(answer["error"] ?? ""): \(answer["message"] ?? "")")
    }
}
