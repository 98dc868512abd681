// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

package import HibikiMessaging
import HibikiWire

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension Timestamp {
    /// The wall clock. Only drivers read it; everything below gets the time as an argument.
    package static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }
}

/// The text of a `Date` field, made again only when the second has changed.
package struct HTTPDate {
    private var second: Int64 = .min
    private var cached = ""

    mutating func text(at time: Timestamp) -> String {
        let second = time.milliseconds / 1_000
        if second != self.second {
            self.second = second
            self.cached = Self.format(second)
        }
        return self.cached
    }

    /// IMF-fixdate (RFC 9110 §5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`.
    package static func format(_ second: Int64) -> String {
        let (days, secondOfDay) = second.flooredQuotientAndRemainder(by: 86_400)
        let date = CivilDate(daysSince1970: days)
        let time = [secondOfDay / 3_600, secondOfDay / 60 % 60, secondOfDay % 60].map(Self.twoDigits).joined(
            separator: ":")
        return "\(date.weekdayName), \(Self.twoDigits(date.day)) \(date.monthName) \(date.year) \(time) GMT"
    }

    private static func twoDigits(_ number: Int64) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }
}
