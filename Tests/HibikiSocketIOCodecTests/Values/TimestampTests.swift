// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiTestSupport
import Testing

@testable import HibikiSocketIOCodec

@Suite struct TimestampTests {
    /// What `new Date(milliseconds).toISOString()` gives.
    static let moments: [(Int64, String)] = [
        (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
        (1_767_225_599_999, "2025-12-31T23:59:59.999Z"),
        (951_782_400_000, "2000-02-29T00:00:00.000Z"), (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
        (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"), (-62_167_219_200_001, "-000001-12-31T23:59:59.999Z"),
        (253_402_300_799_999, "9999-12-31T23:59:59.999Z"), (253_402_300_800_000, "+010000-01-01T00:00:00.000Z"),
        (8_640_000_000_000_000, "+275760-09-13T00:00:00.000Z"), (-8_640_000_000_000_000, "-271821-04-20T00:00:00.000Z"),
    ]

    @Test(arguments: moments) func `a moment is written as toISOString writes it`(_ moment: Int64, _ text: String) {
        #expect(Timestamp(milliseconds: moment)?.text == text)
    }

    @Test(arguments: moments) func `what is written can be read`(_ moment: Int64, _ text: String) {
        #expect(Timestamp(text)?.milliseconds == moment)
    }

    @Test func `any moment survives writing and reading`() throws {
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<5000 {
            let moment = Int64.random(in: -8_640_000_000_000_000...8_640_000_000_000_000, using: &generator)
            let timestamp = try #require(Timestamp(milliseconds: moment))
            try #require(Timestamp(timestamp.text) == timestamp)
        }
    }

    @Test(arguments: [
        ("2026-01-31T12:00:00Z", "2026-01-31T12:00:00.000Z"), ("2026-01-31T12:00:00.5Z", "2026-01-31T12:00:00.500Z"),
        ("2026-01-31T12:00:00.1239999Z", "2026-01-31T12:00:00.123Z"),
        ("2026-01-31T12:00:00+02:00", "2026-01-31T10:00:00.000Z"),
        ("2026-01-31T23:30:00-01:30", "2026-02-01T01:00:00.000Z"),
    ])
    func `a shorter or longer fraction and an offset are understood`(_ text: String, _ utc: String) {
        #expect(Timestamp(text)?.text == utc)
    }

    @Test(arguments: [
        "", "Z", "2026", "2026-01-31", "2026-01-31T12:00:00", "2026-01-31 12:00:00Z", "2026-1-31T12:00:00Z",
        "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-04-31T00:00:00Z",
        "1900-02-29T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-31T24:00:00Z", "2026-01-31T23:60:00Z",
        "2026-01-31T23:59:60Z", "2026-01-31T12:00:00.Z", "2026-01-31T12:00:00.000z", "2026-01-31T12:00:00.000Z ",
        "-000000-01-01T00:00:00Z", "+275760-09-13T00:00:00.001Z", "+999999-12-31T23:59:59Z",
        "2026-01-31T12:00:00+0200", "2026-01-31T12:00:00+24:00", "２026-01-31T12:00:00Z",
    ])
    func `what is no moment is refused`(_ text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test func `moments that JavaScript does not know are refused`() {
        #expect(Timestamp(milliseconds: 8_640_000_000_000_001) == nil)
        #expect(Timestamp(milliseconds: .min) == nil)
        #expect(Timestamp(seconds: .max, nanoseconds: 0) == nil)
        #expect(Timestamp(seconds: .min, nanoseconds: 0) == nil)
        #expect(Timestamp(seconds: 0, nanoseconds: 1_000_000_000) == nil)
        #expect(Timestamp(seconds: -1, nanoseconds: 999_999_999)?.text == "1969-12-31T23:59:59.999Z")
    }
}
