/// UUID version 7 (RFC 9562 section 5.7): 48 bits of Unix milliseconds, then random bits. Sorts by time of making.
package enum UUIDv7 {
    package static let size = 16

    /// - Parameters:
    ///   - microseconds: since the Unix epoch; clamped to what 48 bits of milliseconds hold.
    ///   - random: 10 random bytes.
    package static func make(microseconds: Int64, random: [UInt8]) -> [UInt8] {
        precondition(random.count == 10)
        let milliseconds = UInt64(min(max(microseconds / 1000, 0), 1 << 48 - 1))
        var bytes = (0..<6).map { UInt8(truncatingIfNeeded: milliseconds >> (40 - 8 * $0)) } + random
        bytes[6] = bytes[6] & 0x0F | 0x70
        bytes[8] = bytes[8] & 0x3F | 0x80
        return bytes
    }

    /// Version 7 and variant 10.
    static func isValid(_ bytes: Span<UInt8>) -> Bool {
        bytes[6] >> 4 == 7 && bytes[8] >> 6 == 2
    }

    /// `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx` in lower case.
    package static func text(_ hex: String) -> String {
        var text = ""
        for (position, digit) in hex.enumerated() {
            if [8, 12, 16, 20].contains(position) { text.append("-") }
            text.append(digit)
        }
        return text
    }
}
