/// A moment, in microseconds since 1970-01-01T00:00:00Z, as RFC 3339 writes it. The calendar is the proleptic Gregorian
/// one.
///
/// Not Foundation's Date: a Double of seconds cannot hold every microsecond.
package struct Timestamp: Sendable, Hashable, Comparable {
    package let microseconds: Int64

    package init(microseconds: Int64) { self.microseconds = microseconds }

    package static func < (a: Timestamp, b: Timestamp) -> Bool { a.microseconds < b.microseconds }

    private static let microsecondsPerSecond: Int64 = 1_000_000
    private static let secondsPerDay: Int64 = 86400
    private static let daysPerEra = 146_097

    /// `2025-11-21T09:53:12.000001Z`; nil outside of the years 0000 to 9999.
    package var text: String? { seconds.map { "\($0).\(Self.padded(Int(fraction), 6))Z" } }

    /// `2025-11-21T09:53:12Z`, the rest cut off; words where RFC 3339 has no spelling.
    package var textInSeconds: String { seconds.map { $0 + "Z" } ?? "(no such year)" }

    private var fraction: Int64 {
        let rest = microseconds % Self.microsecondsPerSecond
        return rest < 0 ? rest + Self.microsecondsPerSecond : rest
    }

    private var seconds: String? {
        // Rounds towards the past also before 1970.
        let total = (microseconds - fraction) / Self.microsecondsPerSecond
        var (day, second) = total.quotientAndRemainder(dividingBy: Self.secondsPerDay)
        if second < 0 { (day, second) = (day - 1, second + Self.secondsPerDay) }
        guard let (year, month, dayOfMonth) = Self.date(daysSince1970: Int(day)) else { return nil }
        let date = "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(dayOfMonth, 2))"
        let clock = [second / 3600, second / 60 % 60, second % 60].map { Self.padded(Int($0), 2) }
        return date + "T" + clock.joined(separator: ":")
    }

    /// Years are counted from March, so that a leap day is the last one of its year; an era has 400 of them.
    private static func date(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int)? {
        let shifted = days + 719_468
        guard shifted >= 0 || shifted >= -daysPerEra else { return nil }
        let era = shifted >= 0 ? shifted / daysPerEra : -1
        let dayOfEra = shifted - era * daysPerEra
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (0...9999).contains(year) ? (year, month, day) : nil
    }

    private static func daysSince1970(year: Int, month: Int, day: Int) -> Int {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = shiftedYear >= 0 ? shiftedYear / 400 : -1
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * daysPerEra + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}

extension Timestamp {
    /// Reads `2025-11-21` (its first moment in UTC), or an RFC 3339 time such as `2025-11-21T09:53:12.5+01:00`; nil for
    /// anything else.
    package init?(_ text: String) {
        var reader = Reader(rest: Array(text.utf8)[...])
        guard let year = reader.number(4), reader.take("-"), let month = reader.number(2), reader.take("-"),
            let day = reader.number(2), (1...12).contains(month)
        else { return nil }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let length = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
        guard (1...length).contains(day) else { return nil }
        var seconds = Self.daysSince1970(year: year, month: month, day: day) * 86400
        var fraction = 0
        if !reader.rest.isEmpty {
            guard reader.take("T") || reader.take("t") || reader.take(" "), let hour = reader.number(2),
                reader.take(":"),
                let minute = reader.number(2), reader.take(":"), let second = reader.number(2), hour < 24, minute < 60,
                second < 60, let microseconds = reader.fraction(), let zone = reader.zone(), reader.rest.isEmpty
            else { return nil }
            seconds += hour * 3600 + minute * 60 + second - zone
            fraction = microseconds
        }
        self.init(microseconds: Int64(seconds) * Self.microsecondsPerSecond + Int64(fraction))
    }

    private struct Reader {
        var rest: ArraySlice<UInt8>

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard rest.first == UInt8(ascii: character) else { return false }
            rest.removeFirst()
            return true
        }

        mutating func digit() -> Int? {
            guard let byte = rest.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            rest.removeFirst()
            return Int(byte - UInt8(ascii: "0"))
        }

        mutating func number(_ width: Int) -> Int? {
            var number = 0
            for _ in 0..<width {
                guard let digit = digit() else { return nil }
                number = number * 10 + digit
            }
            return number
        }

        /// Microseconds; finer digits are cut off.
        mutating func fraction() -> Int? {
            guard take(".") else { return 0 }
            var (microseconds, unit) = (0, 100_000)
            guard let first = digit() else { return nil }
            var next: Int? = first
            while let digit = next {
                microseconds += digit * unit
                unit /= 10
                next = self.digit()
            }
            return microseconds
        }

        /// Seconds east of Greenwich.
        mutating func zone() -> Int? {
            if take("Z") || take("z") { return 0 }
            let sign = take("+") ? 1 : take("-") ? -1 : 0
            guard sign != 0, let hours = number(2), take(":"), let minutes = number(2), hours < 24, minutes < 60 else {
                return nil
            }
            return sign * (hours * 3600 + minutes * 60)
        }
    }
}
