import ChainCommands
import Testing

@Suite struct TimestampTests {
    @Test(arguments: [
        (Int64(0), "1970-01-01T00:00:00.000000Z"), (-1, "1969-12-31T23:59:59.999999Z"),
        (951_782_400_000_000, "2000-02-29T00:00:00.000000Z"), (1_709_164_800_000_001, "2024-02-29T00:00:00.000001Z"),
        (4_107_542_400_000_000, "2100-03-01T00:00:00.000000Z"),
        (253_402_300_799_999_999, "9999-12-31T23:59:59.999999Z"),
        (-62_167_219_200_000_000, "0000-01-01T00:00:00.000000Z"),
        (-62_135_596_800_000_000, "0001-01-01T00:00:00.000000Z"),
    ])
    func writesAndReads(microseconds: Int64, text: String) {
        #expect(Timestamp(microseconds: microseconds).text == text)
        #expect(Timestamp(text) == Timestamp(microseconds: microseconds))
    }

    @Test(arguments: [Int64.min, .min + 1, -62_167_219_200_000_001, 253_402_300_800_000_000, .max - 1, .max])
    func hasNoTextBeyondTheCalendar(microseconds: Int64) {
        #expect(Timestamp(microseconds: microseconds).text == nil)
    }

    @Test func everyDayOfFourCenturies() {
        let day: Int64 = 86_400_000_000
        var days: Int64 = -719_528
        for year in 0..<400 {
            for month in 1...12 {
                let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
                let length = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
                for dayOfMonth in [1, 2, length - 1, length] {
                    let time = Timestamp(microseconds: (days + Int64(dayOfMonth) - 1) * day)
                    let text = [(year, 4), (month, 2), (dayOfMonth, 2)].map { number, width in
                        let digits = String(number)
                        return String(repeating: "0", count: width - digits.count) + digits
                    }.joined(separator: "-")
                    #expect(time.text == text + "T00:00:00.000000Z")
                    #expect(Timestamp(text) == time)
                }
                days += Int64(length)
            }
        }
    }

    @Test func reads() {
        #expect(Timestamp("2025-11-21T10:53:12+01:00") == Timestamp("2025-11-21T09:53:12Z"))
        #expect(Timestamp("2025-11-21 04:23:12.5-05:30") == Timestamp("2025-11-21T09:53:12.500000Z"))
        #expect(Timestamp("2025-11-21t09:53:12.1234567z")?.text == "2025-11-21T09:53:12.123456Z")
    }

    @Test(arguments: [
        "", "2025", "2025-13-01", "2025-00-01", "2025-01-00", "2025-02-29", "1900-02-29", "2025-11-21T",
        "2025-11-21T09:53:12",
        "2025-11-21T09:53Z", "2025-11-21T24:00:00Z", "2025-11-21T09:60:00Z", "2025-11-21T09:53:60Z",
        "2025-11-21T09:53:12.Z",
        "2025-11-21T09:53:12+1:00", "2025-11-21T09:53:12+24:00", "2025-11-21T09:53:12Zx", "25-11-21", "+2025-11-21",
        "٢٠٢٥-11-21",
    ])
    func refuses(text: String) {
        #expect(Timestamp(text) == nil)
    }
}
