import AttestationChain

/// Records to write.
enum Samples {
    static func draft(
        _ content: String, type: String = "text/plain", metadata: [(key: String, value: CBORValue)] = []
    ) -> RecordDraft {
        RecordDraft(contentHash: SHA256.hash(Array(content.utf8)), contentType: type, metadata: metadata)
    }

    /// One of each kind that metadata may hold, in a form that Python's cbor2 reads and writes back unchanged.
    static let richMetadata: [(key: String, value: CBORValue)] = [
        (key: "taken", value: .tagged(0, "2026-03-01T12:30:15.250000Z")),
        (key: "latitude", value: 48.2082),
        (key: "half", value: 0.5),
        (key: "single", value: .float(Double(Float(0.1)))),
        (key: "smallest", value: .float(.leastNonzeroMagnitude)),
        (key: "minusZero", value: .float(-0.0)),
        (key: "infinite", value: .float(-.infinity)),
        (key: "nan", value: .float(.nan)),
        (key: "raw", value: .bytes([0, 255, 10])),
        (key: "most", value: .unsigned(.max)),
        (key: "least", value: .negative(.max)),
        (key: "huge", value: .tagged(2, .bytes([1, 0, 0, 0, 0, 0, 0, 0, 0]))),
        (key: "list", value: [1, [nil, true], ["deep": ["deeper": [:]]]]),
        (key: "numbered", value: .map([(key: 1, value: "one"), (key: 300, value: "three hundred")])),
        (key: "nöte", value: "Grüße 🔏"),
        (key: "", value: ""),
    ]
}
