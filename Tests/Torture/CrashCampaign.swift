import AttestationChain
import ChainCrypto
import ChainRecord
import Glibc
import TestSupport

/// Campaign 1: every moment of a scenario at which the machine could crash, every way in which the disk could then look, and
/// what the store makes of it.
struct CrashCampaign {
    struct Totals: Sendable {
        /// Crash states looked at, those of crashes during recovery included.
        var states = 0
        /// Those that differ from each other; only these are opened.
        var distinct = 0
        var violations: [String] = []

        static func += (a: inout Totals, b: Totals) {
            a.states += b.states
            a.distinct += b.distinct
            a.violations += b.violations
        }
    }

    /// What must be true of a chain after a crash.
    struct Promise {
        /// Record hash by index: whoever appended was told that it is on disk.
        var acknowledged: [Int: Hash256]
        /// Record hashes by index that were ever on their way to the disk.
        var attempted: [Int: Set<Hash256>]
        /// A torn tail that recovery was cutting off: it must be in the chain or beside it.
        var tail: (name: String, bytes: [UInt8])?
    }

    let quick: Bool
    var generator: SplitMix64
    private var seen: Set<Int> = []
    private(set) var totals = Totals()

    /// The planted bug, if one is: then one violation is enough, and a scenario that shows none soon will show none.
    private let sabotage: Sabotage.Kind?
    private static let statesForABug = 4000
    /// Whether crashes during recovery are tried as well.
    private let crashesInRecovery: Bool

    init(quick: Bool, seed: UInt64, sabotage: Sabotage.Kind? = nil, crashesInRecovery: Bool = true) {
        self.quick = quick
        self.sabotage = sabotage
        self.crashesInRecovery = crashesInRecovery
        generator = SplitMix64(seed: seed)
    }

    /// Runs one scenario.
    mutating func run(_ scenario: Scenario) {
        let disk: ModelDisk
        var promise = Promise(acknowledged: [:], attempted: [:], tail: nil)
        do {
            let setUp = ModelSystem(ModelDisk.withRoot, recording: true)
            try scenario.prepare(setUp)
            disk = setUp.disk
            Self.addAttempts(setUp.moments[...], to: &promise)
            // What was there before is durable, so it is acknowledged.
            if let chain = try? Chain(opening: Actor.path, system: ModelSystem(disk, recording: false)) {
                for record in try chain.records(in: 0..<chain.count) {
                    promise.acknowledged[record.index] = record.recordHash
                }
            }
        } catch {
            preconditionFailure("\(scenario.name) cannot be prepared: \(error)")
        }
        let system = ModelSystem(disk, recording: true, sabotage: sabotage.map { Sabotage($0) })
        let actor = Actor(system)
        do {
            try scenario.run(actor)
        } catch {
            // A planted bug may be noticed by the store itself; that is not what is looked for here.
            if sabotage == nil { totals.violations.append("\(scenario.name): \(error)") }
        }
        let moments = system.moments
        for position in 0...moments.count {
            for acknowledgement in actor.acknowledged where acknowledgement.moment == position {
                promise.acknowledged[acknowledgement.index] = acknowledgement.hash
            }
            let where_ = "\(scenario.name), moment \(position)"
            guard position < moments.count else {
                crash(system.disk, promise, where_, depth: 0)
                break
            }
            Self.addAttempts(moments[position...position], to: &promise)
            crash(moments[position], promise, where_, depth: 0)
        }
    }

    private static func addAttempts(_ moments: ArraySlice<ModelSystem.Moment>, to promise: inout Promise) {
        for moment in moments {
            guard case .write(let inode, _, let bytes) = moment.call,
                moment.before.names[Actor.path + "/chain.bin"] == inode
            else { continue }
            var offset = 0
            while offset + ChainFormat.lengthPrefixSize < bytes.count {
                let length = Frame.length(in: bytes.span, at: offset)
                let end = offset + ChainFormat.lengthPrefixSize + length
                guard Frame.isAllowed(length: length), end <= bytes.count,
                    let record = try? Record(Array(bytes[(offset + ChainFormat.lengthPrefixSize)..<end]), at: 0)
                else { break }
                promise.attempted[record.index, default: []].insert(record.recordHash)
                offset = end
            }
        }
    }

    /// Every state that a crash at this moment can leave: before the call, or at any byte of a write.
    private mutating func crash(_ moment: ModelSystem.Moment, _ promise: Promise, _ place: String, depth: Int) {
        crash(moment.before, promise, place, depth: depth)
        guard case .write(let inode, let offset, let bytes) = moment.call else { return }
        // Every byte, unless quick; from every eighth part on, crashes during the recovery as well.
        let sample = max(1, bytes.count / 8)
        let step = depth == 0 && !quick ? 1 : sample
        for count in stride(from: 1, to: bytes.count, by: step) {
            var disk = moment.before
            disk.write(bytes.prefix(count), to: inode, at: offset)
            crash(disk, promise, "\(place), byte \(count)", depth: count % sample == 1 ? depth : depth + 1)
        }
    }

    /// Every subset of what is not synced, in every combination with names and sizes; a sample where there are too many.
    private mutating func crash(_ disk: ModelDisk, _ promise: Promise, _ place: String, depth: Int) {
        let dirty = disk.inodes.flatMap { number, file in file.dirty.map { (number, $0) } }.sorted { $0 < $1 }
        let limit = depth == 0 ? 5 : 3
        let subsets: [UInt64] =
            dirty.count <= limit
            ? (0..<(1 << UInt64(dirty.count))).map { $0 }
            : [0, UInt64.max] + (0..<(1 << limit)).map { _ in generator.next() }
        for names in 0...disk.pendingNames.count {
            for keepsSize in [false, true] {
                for subset in subsets {
                    let after = disk.crashed(
                        names: names,
                        keepsBlock: { inode, block in
                            let bit = dirty.firstIndex { $0 == (inode, block) } ?? 0
                            return subset >> UInt64(bit % 64) & 1 == 1
                        }, keepsSize: { _ in keepsSize })
                    examine(after, promise, place, depth: depth)
                }
            }
        }
    }

    /// Opens what a crash has left, and holds the store to its promise.
    private mutating func examine(_ disk: ModelDisk, _ promise: Promise, _ place: String, depth: Int) {
        if sabotage != nil, !totals.violations.isEmpty || totals.states >= Self.statesForABug { return }
        totals.states += 1
        var hasher = Hasher()
        for (path, inode) in disk.names.sorted(by: { $0.key < $1.key }) {
            hasher.combine(path)
            hasher.combine(disk.inodes[inode]?.cache)
        }
        hasher.combine(promise.acknowledged.count)
        hasher.combine(promise.tail?.bytes)
        guard seen.insert(hasher.finalize()).inserted else { return }
        totals.distinct += 1
        do {
            try hold(disk, promise, place, depth: depth)
        } catch let violation as Violation {
            totals.violations.append("\(place): \(violation.text)")
        } catch {
            totals.violations.append("\(place): \(error)")
        }
    }

    private struct Violation: Error { let text: String }

    private mutating func hold(_ disk: ModelDisk, _ promise: Promise, _ place: String, depth: Int) throws {
        if let tail = promise.tail {
            let chain = disk.names[Actor.path + "/chain.bin"].flatMap { disk.inodes[$0]?.cache } ?? []
            let kept = disk.names[tail.name].flatMap { disk.inodes[$0]?.cache }
            guard chain.suffix(tail.bytes.count).elementsEqual(tail.bytes) || kept == tail.bytes else {
                throw Violation(text: "a torn tail is neither in the chain nor beside it")
            }
        }
        // A reader first: it must not raise a false alarm.
        let reader: Chain
        do throws(ChainError) {
            reader = try Chain(opening: Actor.path, system: ModelSystem(disk, recording: false))
        } catch {
            guard promise.acknowledged.isEmpty, [.notFound, .empty].contains(error.code) else {
                throw Violation(text: "a reader says: \(error)")
            }
            try beginAnew(disk)
            return
        }
        try compare(reader, promise)
        guard reader.count > 0 else { return try beginAnew(disk) }

        let system = ModelSystem(disk, recording: depth < 1, sabotage: sabotage.map { Sabotage($0) })
        guard let key = Actor.keys.first(where: { $0.publicKey == reader.signers.last?.key }) else {
            throw Violation(text: "nobody may sign")
        }
        var next = promise
        if case .torn(let bytes) = reader.tail {
            let chain = disk.names[Actor.path + "/chain.bin"].flatMap { disk.inodes[$0]?.cache } ?? []
            let tail = Array(chain.suffix(bytes))
            let name = "chain.bin.torn-\(reader.byteLength)-\(SHA256.hash(tail).description.prefix(16))"
            next.tail = (Actor.path + "/" + name, tail)
        }
        var writer = try ChainWriter(
            opening: Actor.path, signer: key, lock: .fail, system: system, environment: FixedEnvironment())
        guard writer.count == reader.count else { throw Violation(text: "reader and writer disagree") }
        if let tail = next.tail {
            let kept = system.disk.names[tail.name].flatMap { system.disk.inodes[$0]?.cache }
            guard kept == tail.bytes else { throw Violation(text: "the torn tail was not kept") }
        }
        let opened = system.moments.count
        let appended = try writer.append(Actor.draft(99))
        let appendedAt = system.moments.count
        try writer.close()

        let verdict = try Verifier(signatures: .epoch).verify(
            Actor.path, system: ModelSystem(system.disk, recording: false))
        guard verdict.outcome == .valid, verdict.recordCount == reader.count + 1 else {
            throw Violation(text: "after an append: \(verdict.outcome), \(verdict.findings)")
        }
        // A second recovery changes nothing.
        let again = ModelSystem(system.disk, recording: true)
        try ChainWriter(
            opening: Actor.path, signer: key, lock: .fail, system: again, environment: FixedEnvironment()
        ).close()
        guard again.moments.isEmpty else { throw Violation(text: "a second recovery changed something") }

        // And a crash inside all of this.
        guard depth < 1, crashesInRecovery else { return }
        Self.addAttempts(system.moments[...], to: &next)
        let moments = system.moments
        for position in 0...moments.count {
            // The tail may be cut, and its evidence must then be there, until something is written in its place.
            if position > opened { next.tail = nil }
            if position >= appendedAt { next.acknowledged[appended.index] = appended.recordHash }
            if position < moments.count {
                crash(moments[position], next, "\(place), recovery \(position)", depth: depth + 1)
            } else {
                crash(system.disk, next, "\(place), recovery \(position)", depth: depth + 1)
            }
        }
    }

    /// acknowledged ⊆ recovered ⊆ attempted.
    private func compare(_ reader: Chain, _ promise: Promise) throws {
        if reader.count > 0 {
            for record in try reader.records(in: 0..<reader.count) {
                guard promise.attempted[record.index]?.contains(record.recordHash) == true else {
                    throw Violation(text: "record \(record.index) was never written")
                }
                if let hash = promise.acknowledged[record.index], hash != record.recordHash {
                    throw Violation(text: "record \(record.index) is another than the acknowledged one")
                }
            }
        }
        if let last = promise.acknowledged.keys.max(), last >= reader.count {
            throw Violation(text: "record \(last) was acknowledged, and the chain has \(reader.count)")
        }
    }

    /// Where nothing was acknowledged, a chain can be begun.
    private func beginAnew(_ disk: ModelDisk) throws {
        let system = ModelSystem(disk, recording: false)
        try Actor(system).create().close()
        let verdict = try Verifier().verify(Actor.path, system: system)
        guard verdict.outcome == .valid, verdict.recordCount == 1 else {
            throw Violation(text: "a chain that was never begun cannot be begun: \(verdict.findings)")
        }
    }
}

extension ModelDisk {
    static var withRoot: ModelDisk {
        var disk = ModelDisk()
        disk.directories = ["/"]
        return disk
    }
}
