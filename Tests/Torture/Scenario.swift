import AttestationChain
import ChainCrypto
import ChainRecord
import Glibc
import TestSupport

/// A piece of history: what is there before it, and what a writer then does.
struct Scenario: Sendable {
    let name: String
    /// Made without crashes.
    let prepare: @Sendable (ModelSystem) throws -> Void
    let run: @Sendable (Actor) throws -> Void
}

/// Does what a scenario says, and notes what it was told is on disk.
final class Actor {
    static let path = "/chain"
    static let keys = [TestKeys.named("A"), TestKeys.named("B"), TestKeys.named("C")]

    let system: ModelSystem
    /// Record hashes by index, as acknowledged, with the number of moments that had passed.
    private(set) var acknowledged: [(moment: Int, index: Int, hash: Hash256)] = []

    init(_ system: ModelSystem) { self.system = system }

    func note(_ records: [AppendedRecord]) {
        for record in records { acknowledged.append((system.moments.count, record.index, record.recordHash)) }
    }

    /// Appends, and takes note of what was acknowledged even when a batch fails.
    func append(_ drafts: [RecordDraft], to writer: inout ChainWriter) throws {
        do throws(ChainError) {
            note(try writer.append(contentsOf: drafts))
        } catch {
            note(error.committed)
            throw error
        }
    }

    func open(_ key: Int = 0) throws -> ChainWriter {
        try ChainWriter(
            opening: Self.path, signer: Self.keys[key], lock: .fail, system: system, environment: FixedEnvironment())
    }

    func create() throws -> ChainWriter {
        try ChainWriter(
            creating: Self.path, signer: Self.keys[0], name: "Torture", system: system, environment: FixedEnvironment())
    }

    static func draft(_ number: Int, size: Int = 0) -> RecordDraft {
        size == 0
            ? TestChain.draft(number)
            : RecordDraft(inline: [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: size), contentType: "x")
    }
}

extension Scenario {
    /// A chain with two plain records and a state that covers them.
    private static let someRecords: @Sendable (ModelSystem) throws -> Void = { system in
        let actor = Actor(system)
        var writer = try actor.create()
        try actor.append([Actor.draft(1), Actor.draft(2)], to: &writer)
        try writer.close()
    }

    static let all: [Scenario] = [
        Scenario(name: "begin, append, close", prepare: { _ in }) { actor in
            var writer = try actor.create()
            try actor.append([Actor.draft(1)], to: &writer)
            try actor.append([Actor.draft(2)], to: &writer)
            try writer.close()
        },
        Scenario(name: "append one by one, close, open, append", prepare: someRecords) { actor in
            var writer = try actor.open()
            try actor.append([Actor.draft(3)], to: &writer)
            try actor.append([Actor.draft(4)], to: &writer)
            try writer.close()
            var second = try actor.open()
            try actor.append([Actor.draft(5)], to: &second)
            try second.close()
        },
        Scenario(name: "batch over several blocks", prepare: someRecords) { actor in
            var writer = try actor.open()
            try actor.append((3...8).map { Actor.draft($0) }, to: &writer)
            try actor.append([Actor.draft(9)], to: &writer)
            try writer.close()
        },
        Scenario(name: "records with zeros in them", prepare: someRecords) { actor in
            var writer = try actor.open()
            try actor.append([Actor.draft(0, size: 1300)], to: &writer)
            try actor.append([Actor.draft(0, size: 700), Actor.draft(256, size: 600)], to: &writer)
            try actor.append([Actor.draft(5)], to: &writer)
            try writer.close()
        },
        Scenario(name: "rotate and go on", prepare: someRecords) { actor in
            var writer = try actor.open()
            actor.note([try writer.rotate(to: Actor.keys[1])])
            try actor.append([Actor.draft(3)], to: &writer)
            actor.note([try writer.rotate(to: Actor.keys[2])])
            try writer.close()
        },
        Scenario(name: "suspend, resume, append", prepare: someRecords) { actor in
            var writer = try actor.open()
            for number in 3...5 {
                try actor.append([Actor.draft(number)], to: &writer)
                try writer.suspend()
                try writer.resume()
            }
            try writer.close()
        },
        Scenario(
            name: "a torn tail, repaired, and on",
            prepare: { system in
                try someRecords(system)
                let actor = Actor(system)
                var writer = try actor.open()
                system.inject(.init(call: "pwrite", countdown: 0, errorNumber: EIO, written: 150))
                system.inject(.init(call: "ftruncate", countdown: 0, errorNumber: EIO, written: 0))
                try? actor.append([Actor.draft(3)], to: &writer)
            }
        ) { actor in
            var writer = try actor.open()
            // Shorter than the tail it replaces is what shows a tail that was not cut.
            try actor.append([RecordDraft(contentHash: SHA256.hash([]), contentType: "x")], to: &writer)
            try writer.close()
        },
        Scenario(name: "a full disk in the middle", prepare: someRecords) { actor in
            var writer = try actor.open()
            actor.system.inject(.init(call: "pwrite", countdown: 0, errorNumber: ENOSPC, written: 200))
            try? actor.append([Actor.draft(3), Actor.draft(4)], to: &writer)
            try actor.append([RecordDraft(contentHash: SHA256.hash([]), contentType: "x")], to: &writer)
            try writer.close()
        },
        Scenario(name: "a failed fsync, a new process, and on", prepare: someRecords) { actor in
            do {
                var writer = try actor.open()
                try actor.append([Actor.draft(3)], to: &writer)
                actor.system.inject(.init(call: "fdatasync", countdown: 0, errorNumber: EIO, written: 0))
                try? actor.append([Actor.draft(4)], to: &writer)
            }
            var writer = try actor.open()
            try actor.append([Actor.draft(5)], to: &writer)
            try writer.close()
        },
        Scenario(name: "a state that failed, and on", prepare: someRecords) { actor in
            var writer = try actor.open()
            try actor.append([Actor.draft(3)], to: &writer)
            actor.system.inject(.init(call: "rename", countdown: 0, errorNumber: EIO, written: 0))
            try? writer.suspend()
            try writer.resume()
            try actor.append([Actor.draft(4)], to: &writer)
            try writer.close()
        },
    ]
}

extension Scenario {
    /// A history drawn from a seed: appends, batches, large records, rotations, pauses, new processes, a full disk, a failed
    /// fsync. The same seed draws the same history.
    static func random(seed: UInt64) -> Scenario {
        Scenario(name: "random history \(seed)", prepare: someRecords) { actor in
            var generator = SplitMix64(seed: seed)
            var key = 0
            var number = 3
            func drafts(_ count: Int, size: Int = 0) -> [RecordDraft] {
                (0..<count).map { _ in
                    number += 1
                    return Actor.draft(number, size: size)
                }
            }
            var writer = try actor.open(key)
            for _ in 0..<Int.random(in: 3...6, using: &generator) {
                switch Int.random(in: 0..<9, using: &generator) {
                case 0, 1: try actor.append(drafts(1), to: &writer)
                case 2: try actor.append(drafts(Int.random(in: 2...5, using: &generator)), to: &writer)
                case 3:
                    let size = Int.random(in: 300...1500, using: &generator)
                    try actor.append(drafts(Int.random(in: 1...2, using: &generator), size: size), to: &writer)
                case 4:
                    try writer.suspend()
                    try writer.resume()
                case 5:
                    try writer.close()
                    writer = try actor.open(key)
                case 6 where key + 1 < Actor.keys.count:
                    key += 1
                    actor.note([try writer.rotate(to: Actor.keys[key])])
                case 7:
                    let written = Int.random(in: 0...300, using: &generator)
                    actor.system.inject(.init(call: "pwrite", countdown: 0, errorNumber: ENOSPC, written: written))
                    try? actor.append(drafts(Int.random(in: 1...3, using: &generator)), to: &writer)
                default:
                    actor.system.inject(.init(call: "fdatasync", countdown: 0, errorNumber: EIO, written: 0))
                    try? actor.append(drafts(1), to: &writer)
                    // The writer refuses to go on; a new process looks at what there is.
                    try? writer.close()
                    writer = try actor.open(key)
                }
            }
            try writer.close()
        }
    }
}
