extension Double {
    /// Whether binary16 would hold the value, if at all, as a subnormal number.
    var isSubnormalHalf: Bool { magnitude > 0 && magnitude < 0x1p-14 }
}

/// Which of the three float encodings is the shortest that keeps a value (RFC 8949 section 4.2.1).
enum CBORFloat {
    /// Bytes that the shortest encoding of `value` takes, head included: 3, 5 or 9. Every NaN is the 3-byte one.
    static func encodedSize(_ value: Double) -> Int {
        if value.isNaN || isHalf(value) { return 3 }
        return Double(Float(value)) == value ? 5 : 9
    }

    /// Whether IEEE 754 binary16 holds `value` exactly. Written out, because `Float16` is missing on some platforms.
    private static func isHalf(_ value: Double) -> Bool {
        let magnitude = value.magnitude
        if magnitude == 0 || magnitude == .infinity { return true }
        guard magnitude <= 65504 else { return false }
        // Normal halves have 10 fraction bits; below 2^-14 they are multiples of 2^-24.
        let unit = value.isSubnormalHalf ? 0x1p-24 : magnitude.binade * 0x1p-10
        return (magnitude / unit).rounded(.towardZero) == magnitude / unit
    }
}
