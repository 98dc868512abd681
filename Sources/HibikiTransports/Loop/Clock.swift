// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

package import HibikiMessaging

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
struct HTTPDate {
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
    static func format(_ second: Int64) -> String {
        let days = second.floorDivided(by: 86_400)
        let secondOfDay = second - days * 86_400
        let (year, month, day) = Self.civil(days)
        let weekday = Self.weekdays[Int((days + 4) - (days + 4).floorDivided(by: 7) * 7)]
        let time = [secondOfDay / 3_600, secondOfDay / 60 % 60, secondOfDay % 60].map(Self.twoDigits).joined(
            separator: ":")
        return "\(weekday), \(Self.twoDigits(day)) \(Self.months[Int(month - 1)]) \(year) \(time) GMT"
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    private static func twoDigits(_ number: Int64) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }

    /// The date of a day since 1970-01-01, by counting years from March so that the leap day is the last of its year.
    private static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = shifted.floorDivided(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}

extension Int64 {
    fileprivate func floorDivided(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
