internal import AttestationChain
internal import Foundation

/// The chains that are measured on, each made when it is first asked for.
final class Samples {
    let plan: Plan
    let folder: WorkFolder
    let key = SigningKey()
    private var made: [String: String] = [:]

    init(_ plan: Plan, in folder: WorkFolder) throws {
        self.plan = plan
        self.folder = folder
    }

    /// The chain of `count` records under a name: made once, then the same for everyone.
    func chain(_ name: String, records count: Int) throws -> String {
        if let path = made[name] { return path }
        if count >= 100_000 { progress("making a chain of \(count) records") }
        let path = try newChain(name, records: count)
        made[name] = path
        return path
    }

    func short() throws -> String { try chain("short", records: plan.short) }
    func long() throws -> String { try chain("long", records: plan.long) }

    /// Makes a chain anew, in the place of one of the same name.
    func newChain(_ name: String, records count: Int) throws -> String {
        let path = folder.path + "/" + name
        try? FileManager.default.removeItem(atPath: path)
        var writer = try ChainWriter(creating: path, signer: key, name: "Benchmark")
        var next = 1
        while next < count {
            let end = min(next + 10_000, count)
            try writer.append(contentsOf: (next..<end).map(Self.draft))
            next = end
        }
        try writer.close()
        return path
    }

    /// What a caller who attests photos would append.
    static func draft(_ number: Int) -> RecordDraft {
        RecordDraft(
            contentHash: SHA256.hash(Array("content \(number)".utf8)), contentType: "image/jpeg",
            metadata: [
                (key: "path", value: .text("photos/IMG_\(number).jpg")), (key: "size", value: CBORValue(Int64(number))),
            ])
    }
}

/// The bytes of a chain's records, laid out so that a bare loop over them does nothing but its work.
struct Messages {
    /// Signed bytes of all records, one behind the other.
    private(set) var bytes: [UInt8] = []
    private(set) var ranges: [Range<Int>] = []
    /// 64 bytes a record.
    private(set) var signatures: [UInt8] = []
    /// 32 bytes of the one signer.
    private(set) var signer: [UInt8] = []

    /// What docs/format.md says is signed: the record as a map of ten pairs, without pair 10.
    init(of path: String) throws {
        let chain = try Chain(opening: path)
        var (bytes, ranges, signatures, signer) = ([UInt8](), [Range<Int>](), [UInt8](), [UInt8]())
        bytes.reserveCapacity(chain.byteLength)
        try chain.forEachRecord(in: 0..<chain.count) { record in
            let start = bytes.count
            bytes.append(0xAA)
            bytes.append(contentsOf: record.bytes[1..<(record.bytes.count - 67)])
            ranges.append(start..<bytes.count)
            signatures += record.signature
            signer = record.signer.bytes
            return true
        }
        (self.bytes, self.ranges, self.signatures, self.signer) = (bytes, ranges, signatures, signer)
    }
}
