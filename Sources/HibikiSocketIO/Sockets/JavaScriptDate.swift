// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire

/// A time as `Date.toString()` of JavaScript writes it, in UTC:
/// `Sat Nov 21 2026 10:30:26 GMT+0000 (Coordinated Universal Time)`.
struct JavaScriptDate: CustomStringConvertible {
    let milliseconds: Int64

    var description: String {
        let (seconds, _) = self.milliseconds.flooredQuotientAndRemainder(by: 1000)
        let (days, second) = seconds.flooredQuotientAndRemainder(by: 86_400)
        let date = CivilDate(daysSince1970: days)
        let clock = [second / 3600, second / 60 % 60, second % 60].map { Self.padded($0, 2) }.joined(separator: ":")
        return
            "\(date.weekdayName) \(date.monthName) \(Self.padded(date.day, 2)) \(Self.padded(date.year, 4)) \(clock) "
            + "GMT+0000 (Coordinated Universal Time)"
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
