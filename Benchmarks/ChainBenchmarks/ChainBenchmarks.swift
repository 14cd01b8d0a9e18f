internal import AttestationChain
internal import Benchmark
internal import Foundation

/// The paths that the public interface reaches, each alone. `compare` measures them beside the machine's limits.
let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration = .init(
        metrics: [.wallClock, .throughput, .cpuTotal, .syscalls, .peakMemoryResident], maxDuration: .seconds(1))
    // What setup makes outlives its benchmark, so folders are removed by name.
    Benchmark.teardown = { SampleChain.removeAll() }

    let metadata: CBORValue = [
        "case": "4711", "path": "photos/2026/IMG_0042.jpg", "size": 4_812_331, "width": 4032, "height": 3024,
        "position": [52.5200066, 13.404954], "tags": ["inside", "door"],
    ]
    Benchmark("CBOR encode, metadata map", configuration: .init(scalingFactor: .kilo)) { benchmark in
        for _ in benchmark.scaledIterations { blackHole(try metadata.encoded()) }
    }
    Benchmark("CBOR decode, metadata map", configuration: .init(scalingFactor: .kilo)) { benchmark, bytes in
        for _ in benchmark.scaledIterations { blackHole(try CBORValue(decoding: bytes)) }
    } setup: {
        try metadata.encoded()
    }

    for (name, parent) in SampleChain.parents where FileManager.default.isWritableFile(atPath: parent) {
        Benchmark("append one, \(name)") { benchmark, chain in
            for number in benchmark.scaledIterations { try chain.append([number]) }
        } setup: {
            try SampleChain(in: parent)
        }
        Benchmark("append batch of 1000, \(name)") { benchmark, chain in
            for _ in benchmark.scaledIterations { try chain.append(0..<1000) }
        } setup: {
            try SampleChain(in: parent)
        }
    }

    Benchmark("verify 1000 records, all signatures") { benchmark, chain in
        for _ in benchmark.scaledIterations { blackHole(try Verifier().verify(chain.path)) }
    } setup: {
        try SampleChain(records: 1000)
    }
    Benchmark("verify 1000 records, epoch signatures") { benchmark, chain in
        for _ in benchmark.scaledIterations { blackHole(try Verifier(signatures: .epoch).verify(chain.path)) }
    } setup: {
        try SampleChain(records: 1000)
    }
    Benchmark("open 1000 records with a state") { benchmark, chain in
        for _ in benchmark.scaledIterations { blackHole(try Chain(opening: chain.path)) }
    } setup: {
        try SampleChain(records: 1000)
    }
    Benchmark("open 1000 records without a state") { benchmark, chain in
        for _ in benchmark.scaledIterations { blackHole(try Chain(opening: chain.path + "/chain.bin")) }
    } setup: {
        try SampleChain(records: 1000)
    }
    Benchmark("get at random of 1000 records", configuration: .init(scalingFactor: .kilo)) { benchmark, chain in
        for index in benchmark.scaledIterations {
            // As good as random, and free: 389 and 1,000 have no common divisor.
            blackHole(try chain.record(at: index * 389 % 1000))
        }
    } setup: { () throws -> Chain in
        let chain = try Chain(opening: SampleChain(records: 1000).path)
        _ = try chain.record(at: chain.count - 2)
        return chain
    }
}

/// A chain in a folder of this process, open for writing.
final class SampleChain {
    let path: String
    private var writer: ChainWriter

    static let parents = [("disk", NSTemporaryDirectory()), ("memory", "/dev/shm")]
    private static let folder = "chain-benchmark-\(ProcessInfo.processInfo.processIdentifier)"

    init(in parent: String = NSTemporaryDirectory(), records count: Int = 1) throws {
        let folder = URL(filePath: parent).appending(path: Self.folder)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.appending(path: UUID().uuidString).path
        writer = try ChainWriter(creating: path, signer: SigningKey())
        if count > 1 { try append(1..<count) }
        // Writes a state that covers all of it.
        try writer.suspend()
        try writer.resume()
    }

    func append(_ numbers: some Sequence<Int>) throws {
        try writer.append(
            contentsOf: numbers.map { number in
                RecordDraft(
                    contentHash: SHA256.hash(Array("content \(number)".utf8)), contentType: "image/jpeg",
                    metadata: [
                        (key: "path", value: .text("photos/IMG_\(number).jpg")),
                        (key: "size", value: CBORValue(Int64(number))),
                    ])
            })
    }

    static func removeAll() {
        for (_, parent) in parents { try? FileManager.default.removeItem(atPath: "\(parent)/\(folder)") }
    }
}
