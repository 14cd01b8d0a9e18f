import Testing

@testable import ChainCommands

@Suite struct ProgressBarTests {
    @Test func saysCountRateAndTimeLeft() {
        #expect(
            ProgressBar.line(420, of: 1000, .count("records"), seconds: 5)
                == "42%  420 of 1,000 records  84/s  0:06 left")
        #expect(ProgressBar.line(2500, of: nil, .count("records"), seconds: 2) == "2,500 records  1,250/s")
        #expect(
            ProgressBar.line(1_500_000, of: 123_000_000, .bytes, seconds: 1)
                == "1%  1.5 of 123.0 MB  1.5 MB/s  1:21 left")
        #expect(ProgressBar.line(0, of: 0, .bytes, seconds: 0) == "0.0 of 0.0 MB  0.0 MB/s")
    }
}
