// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// A day of the Gregorian calendar, which is extended to all years. Year 0 is 1 BC.
///
/// Years are counted from March here, so that the leap day is the last of its year.
package struct CivilDate: Hashable, Sendable {
    package let year: Int64
    /// 1 to 12.
    package let month: Int64
    /// 1 to 31.
    package let day: Int64

    private static let daysPerEra: Int64 = 146_097
    /// From 0000-03-01 to 1970-01-01.
    private static let daysBefore1970: Int64 = 719_468

    /// `nil` for a day that the calendar does not have.
    package init?(year: Int64, month: Int64, day: Int64) {
        guard 1...12 ~= month, day >= 1, day <= Self.length(of: month, in: year), -999_999...999_999 ~= year else {
            return nil
        }
        self.year = year
        self.month = month
        self.day = day
    }

    /// - Parameter days: within some hundred million of 1970.
    package init(daysSince1970 days: Int64) {
        let (era, day) = (days + Self.daysBefore1970).flooredQuotientAndRemainder(by: Self.daysPerEra)
        // Leaving out the leap days before it makes every year 365 days long.
        let leapDays = day / 1460 - day / 36_524 + day / 146_096
        let yearOfEra = (day - leapDays) / 365
        let dayOfYear = day - Self.days(before: yearOfEra)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        self.day = dayOfYear - Self.days(beforeMonth: monthFromMarch) + 1
        self.month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        self.year = era * 400 + yearOfEra + (self.month <= 2 ? 1 : 0)
    }

    package var daysSince1970: Int64 {
        let yearFromMarch = self.month <= 2 ? self.year - 1 : self.year
        let (era, yearOfEra) = yearFromMarch.flooredQuotientAndRemainder(by: 400)
        let monthFromMarch = self.month > 2 ? self.month - 3 : self.month + 9
        let dayOfEra = Self.days(before: yearOfEra) + Self.days(beforeMonth: monthFromMarch) + self.day - 1
        return era * Self.daysPerEra + dayOfEra - Self.daysBefore1970
    }

    /// Three letters of its English name, as HTTP and JavaScript have it.
    package var monthName: String { Self.monthNames[Int(self.month) - 1] }

    package var weekdayName: String {
        // 1970 began on a Thursday.
        Self.weekdayNames[Int(self.daysSince1970.flooredQuotientAndRemainder(by: 7).remainder)]
    }

    private static let monthNames = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    private static let weekdayNames = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]

    private static func days(before yearOfEra: Int64) -> Int64 {
        yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100
    }

    /// From March on, five months have 153 days in a pattern that repeats.
    private static func days(beforeMonth monthFromMarch: Int64) -> Int64 {
        (153 * monthFromMarch + 2) / 5
    }

    private static func length(of month: Int64, in year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

extension Int64 {
    /// Division by a positive number whose remainder is never negative.
    package func flooredQuotientAndRemainder(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = self.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
