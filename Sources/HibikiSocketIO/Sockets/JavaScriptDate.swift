// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// A time as `Date.toString()` of JavaScript writes it, in UTC:
/// `Sat Nov 21 2026 10:30:26 GMT+0000 (Coordinated Universal Time)`.
struct JavaScriptDate: CustomStringConvertible {
    let milliseconds: Int64

    private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    private static let secondsPerDay: Int64 = 86_400

    var description: String {
        let seconds = self.milliseconds.flooredQuotient(by: 1000)
        let days = seconds.flooredQuotient(by: Self.secondsPerDay)
        let second = seconds - days * Self.secondsPerDay
        let (year, month, day) = Self.civil(days)
        let weekday = Self.weekdays[Int(days - days.flooredQuotient(by: 7) * 7)]
        let clock = [second / 3600, second / 60 % 60, second % 60].map { Self.padded($0, 2) }.joined(separator: ":")
        return "\(weekday) \(Self.months[month]) \(Self.padded(day, 2)) \(Self.padded(year, 4)) \(clock) "
            + "GMT+0000 (Coordinated Universal Time)"
    }

    /// The year, the month counted from 0, and the day counted from 1, of a day counted from 1970.
    ///
    /// Years are counted from March, so that the day that a leap year has more is the last one.
    private static func civil(_ days: Int64) -> (year: Int64, month: Int, day: Int64) {
        let shifted = days + 719_468
        let era = shifted.flooredQuotient(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = (monthFromMarch + 2) % 12
        return (yearOfEra + era * 400 + (month < 2 ? 1 : 0), Int(month), day)
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}

extension Int64 {
    fileprivate func flooredQuotient(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = self.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
