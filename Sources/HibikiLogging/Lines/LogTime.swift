// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire

/// A moment as lines write it.
struct LogTime {
    private let days: Int64
    private let millisecondOfDay: Int64

    /// - Parameters:
    ///   - milliseconds: since 1970.
    ///   - offset: of the time zone from UTC, in seconds.
    init(milliseconds: Int64, offset: Int64 = 0) {
        let local = milliseconds.addingReportingOverflow(offset &* 1_000).partialValue
        (self.days, self.millisecondOfDay) = local.flooredQuotientAndRemainder(by: 86_400_000)
    }

    /// `2026-11-21T17:02:03.004Z` (RFC 3339), for a time in UTC.
    func appendRFC3339(to line: inout [UInt8]) {
        let date = CivilDate(daysSince1970: self.days)
        Self.append(date.year, digits: 4, to: &line)
        line.append(UInt8(ascii: "-"))
        Self.append(date.month, digits: 2, to: &line)
        line.append(UInt8(ascii: "-"))
        Self.append(date.day, digits: 2, to: &line)
        line.append(UInt8(ascii: "T"))
        self.appendClock(to: &line)
        line.append(UInt8(ascii: "Z"))
    }

    /// `17:02:03.004`
    func appendClock(to line: inout [UInt8]) {
        let seconds = self.millisecondOfDay / 1_000
        Self.append(seconds / 3_600, digits: 2, to: &line)
        line.append(UInt8(ascii: ":"))
        Self.append(seconds / 60 % 60, digits: 2, to: &line)
        line.append(UInt8(ascii: ":"))
        Self.append(seconds % 60, digits: 2, to: &line)
        line.append(UInt8(ascii: "."))
        Self.append(self.millisecondOfDay % 1_000, digits: 3, to: &line)
    }

    private static func append(_ number: Int64, digits: Int, to line: inout [UInt8]) {
        let text = String(number)
        line.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: max(0, digits - text.utf8.count)))
        line.append(contentsOf: text.utf8)
    }
}
