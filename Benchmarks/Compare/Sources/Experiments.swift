internal import AttestationChain
internal import Foundation

#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// A writer that closures share.
private final class OpenWriter {
    var writer: ChainWriter

    init(_ path: String, _ key: SigningKey) throws {
        writer = try ChainWriter(opening: path, signer: key)
    }

    func append(_ number: Int) throws { try writer.append(Samples.draft(number)) }
}

/// Single appends, each on disk before the next, at two lengths of chain.
struct DurableAppend: Experiment {
    let samples: Samples
    private let long: OpenWriter

    init(_ samples: Samples) throws {
        self.samples = samples
        long = try OpenWriter(samples.long(), samples.key)
    }

    var lines: [Line] {
        let plan = samples.plan
        let bare = "pwrite + fdatasync of the same frames"
        return [
            Line(
                work: "durable append at \(plan.short) records", project: "short", beside: bare, limit: "bare",
                unit: "append"),
            Line(
                work: "durable append at \(plan.long) records", project: "long", beside: bare, limit: "bare",
                unit: "append"),
            Line(
                work: "durable append at \(plan.long) records", project: "long",
                beside: "the same at \(plan.short) records", limit: "short", unit: "append"),
        ]
    }

    func run(_ round: inout Round) throws {
        // A new short chain each time, so that it stays short.
        let path = try samples.newChain("append", records: samples.plan.short)
        let frame = try Chain(opening: path).record(at: samples.plan.short - 1)
        let bytes = ArraySlice([UInt8](repeating: 0, count: 4) + frame.bytes)
        let short = try OpenWriter(path, samples.key)
        // A copy of the chain's own file, so that the bare loop extends a file like the one beside it.
        let barePath = samples.folder.path + "/bare"
        try? FileManager.default.removeItem(atPath: barePath)
        try FileManager.default.copyItem(atPath: path + "/chain.bin", toPath: barePath)
        let bare = try RawFile(barePath, O_RDWR)
        let start = bare.size()
        try round.timeInTurn(
            operations: samples.plan.appendsPerRound,
            [
                ("bare", { try bare.writeDurably(bytes, at: start + $0 * bytes.count) }),
                ("short", { try short.append($0) }),
                ("long", { try long.append($0) }),
            ])
    }
}

/// Batches of 1,000, durable, beside what signing alone takes.
struct BatchAppend: Experiment {
    let samples: Samples
    private let messages: Messages
    private static let batchSize = 1000
    private let batches: Int

    init(_ samples: Samples) throws {
        self.samples = samples
        messages = try Messages(of: samples.chain("verified", records: samples.plan.verified))
        batches = samples.plan.verified / Self.batchSize
    }

    let lines = [
        Line(
            work: "batch append, 1000 a batch, one core", project: "batch",
            beside: "libsodium sign of the same bytes, one core", limit: "sign", unit: "record")
    ]

    func run(_ round: inout Round) throws {
        let path = try samples.newChain("batch", records: 1)
        let open = try OpenWriter(path, samples.key)
        let drafts = (0..<Self.batchSize).map(Samples.draft)
        try round.time(
            operations: batches * Self.batchSize,
            [
                ("sign", { try Limits.sign(messages) }),
                ("batch", { for _ in 0..<batches { try open.writer.append(contentsOf: drafts) } }),
            ])
    }
}

/// Every signature of a chain.
struct VerifyAll: Experiment {
    private let path: String
    private let messages: Messages

    init(_ samples: Samples) throws {
        path = try samples.chain("verified", records: samples.plan.verified)
        messages = try Messages(of: path)
    }

    let lines = [
        Line(
            work: "verify, all signatures, one core", project: "verify",
            beside: "libsodium verify of the same messages, one core", limit: "bare", unit: "record")
    ]

    func run(_ round: inout Round) throws {
        try round.time(
            operations: messages.ranges.count,
            [
                ("bare", { try Limits.verify(messages) }),
                ("verify", { try check(Verifier().verify(path).outcome == .valid, "the chain is valid") }),
            ])
    }
}

/// Every link of a chain, and one signature.
struct VerifyEpoch: Experiment {
    private let path: String
    private let messages: Messages

    init(_ samples: Samples) throws {
        path = try samples.long()
        messages = try Messages(of: path)
    }

    let lines = [
        Line(
            work: "verify, epoch signatures", project: "epoch", beside: "SHA-256 of each record's signed bytes",
            limit: "each", unit: "record"),
        Line(
            work: "verify, epoch signatures", project: "epoch", beside: "SHA-256 of the same bytes in one piece",
            limit: "whole", unit: "record"),
    ]

    func run(_ round: inout Round) throws {
        try round.time(
            operations: messages.ranges.count,
            [
                ("each", { try Limits.hashEach(messages) }), ("whole", { try Limits.hashWhole(messages) }),
                (
                    "epoch",
                    { try check(Verifier(signatures: .epoch).verify(path).outcome == .valid, "the chain is valid") }
                ),
            ])
    }
}

/// Opening a chain that has no state, and finding where its records begin.
struct Scan: Experiment {
    private let directory: String
    private let count: Int

    init(_ samples: Samples) throws {
        directory = try samples.long()
        count = try Chain(opening: directory).count
    }

    private var file: String { directory + "/chain.bin" }

    let lines = [
        Line(
            work: "open without a state (scan)", project: "scan", beside: "plain read of the file, page cache",
            limit: "read", unit: "record"),
        Line(
            work: "build the offset index", project: "index", beside: "plain read of the file, page cache",
            limit: "read", unit: "record"),
    ]

    func run(_ round: inout Round) throws {
        try round.time(
            operations: count,
            [
                ("read", { try Limits.read(file) }),
                // A bare file has no state beside it.
                ("scan", { try check(Chain(opening: file).count == count, "all records are there") }),
                // Asking for the last record but one builds all of the index; the last needs none.
                ("index", { _ = try Chain(opening: directory).record(at: count - 2) }),
            ])
    }
}

/// Opening with a good state, at two lengths of chain.
struct Open: Experiment {
    private let plan: Plan
    private let (short, long): (String, String)

    init(_ samples: Samples) throws {
        plan = samples.plan
        (short, long) = (try samples.short(), try samples.long())
    }

    var lines: [Line] {
        [
            Line(
                work: "open with a state at \(plan.long) records", project: "long",
                beside: "the same at \(plan.short) records", limit: "short", unit: "open")
        ]
    }

    func run(_ round: inout Round) throws {
        try round.timeInTurn(
            operations: 500,
            [
                ("short", { _ in try check(Chain(opening: short).count >= plan.short, "all records are there") }),
                ("long", { _ in try check(Chain(opening: long).count >= plan.long, "all records are there") }),
            ])
    }
}

/// Single records at random places of a chain whose index is built.
struct Get: Experiment {
    private let chain: Chain
    private let file: RawFile
    private let indices: [Int]
    private let places: [Range<Int>]
    private let buffer = Buffer()

    private final class Buffer {
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
        deinit { bytes.deallocate() }
    }

    init(_ samples: Samples) throws {
        let path = try samples.long()
        chain = try Chain(opening: path)
        file = try RawFile(path + "/chain.bin", O_RDONLY)
        var random = SystemRandomNumberGenerator()
        var (indices, places) = ([Int](), [Range<Int>]())
        for _ in 0..<20_000 {
            let index = Int.random(in: 0..<chain.count, using: &random)
            let record = try chain.record(at: index)
            indices.append(index)
            places.append(record.offset..<(record.offset + 4 + record.bytes.count))
        }
        (self.indices, self.places) = (indices, places)
    }

    let lines = [
        Line(
            work: "get at random, warm", project: "get", beside: "pread of the same frame", limit: "pread",
            unit: "record")
    ]

    func run(_ round: inout Round) throws {
        try round.time(
            operations: indices.count,
            [
                (
                    "pread",
                    {
                        for place in places {
                            let target = UnsafeMutableRawBufferPointer(rebasing: buffer.bytes[0..<place.count])
                            try file.read(into: target, at: place.lowerBound)
                        }
                    }
                ),
                (
                    "get",
                    { for index in indices { try check(chain.record(at: index).index == index, "it is the record") } }
                ),
            ])
    }
}
