// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire

/// Dates as people write them in searches and anchors: `2026-11-21`, `2026-11-21T10:00:00Z`, always in UTC.
enum CalendarText {
    private static let day: Int64 = 86_400_000

    /// Milliseconds since 1970; `nil` for a text that is no such date.
    static func milliseconds(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            let year = self.number(bytes[0..<4]), let month = self.number(bytes[5..<7]),
            let day = self.number(bytes[8..<10]),
            let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        let start = date.daysSince1970 * Self.day
        return bytes.count == 10 ? start : self.time(bytes[10...]).map { start + $0 }
    }

    /// `T10:00:00Z`; a fraction of a second may follow the seconds.
    private static func time(_ bytes: ArraySlice<UInt8>) -> Int64? {
        let time = Array(bytes)
        guard time.count >= 10, time[0] == UInt8(ascii: "T"), time.last == UInt8(ascii: "Z"),
            time[3] == UInt8(ascii: ":"), time[6] == UInt8(ascii: ":"),
            let hour = self.number(time[1..<3]), hour < 24, let minute = self.number(time[4..<6]), minute < 60,
            let second = self.number(time[7..<9]), second < 60
        else { return nil }
        let seconds = (hour * 60 + minute) * 60 + second
        guard time.count > 10 else { return seconds * 1_000 }
        let digits = time[10..<time.count - 1]
        guard time[9] == UInt8(ascii: "."), 1...9 ~= digits.count, self.number(digits) != nil else { return nil }
        let padded = Array(digits.prefix(3)) + Array(repeating: UInt8(ascii: "0"), count: max(0, 3 - digits.count))
        return self.number(padded[...]).map { seconds * 1_000 + $0 }
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
        var number: Int64 = 0
        for digit in digits {
            guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= digit else { return nil }
            number = number * 10 + Int64(digit - UInt8(ascii: "0"))
        }
        return number
    }
}
