// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
import Testing

@Suite struct CivilDateTests {
    @Test func `every day of four hundred years follows the one before`() throws {
        var before = CivilDate(daysSince1970: -1)
        for days: Int64 in 0..<146_100 {
            let date = CivilDate(daysSince1970: days)
            try #require(date.daysSince1970 == days)
            let isNextDay = date.day == before.day + 1 && date.month == before.month
            let isNextMonth = date.day == 1 && (date.month == before.month + 1 || before.month == 12 && date.month == 1)
            try #require(isNextDay || isNextMonth)
            before = date
        }
    }

    @Test(arguments: [(2026, 2, 29), (1900, 2, 29), (2026, 4, 31), (2026, 13, 1), (2026, 0, 1), (2026, 1, 0)])
    func `a day that the calendar does not have is refused`(_ year: Int64, _ month: Int64, _ day: Int64) {
        #expect(CivilDate(year: year, month: month, day: day) == nil)
    }

    @Test(arguments: [Int64.min, -1_000_000, 1_000_000, .max])
    func `a year of more than six digits is refused`(_ year: Int64) {
        #expect(CivilDate(year: year, month: 1, day: 1) == nil)
    }

    @Test(
        arguments: [
            (-719_468, "Wed Mar"), (-1, "Wed Dec"), (0, "Thu Jan"), (11_016, "Tue Feb"), (47_541, "Mon Mar"),
        ] as [(Int64, String)])
    func `days and months have their names, before 1970 too`(_ days: Int64, _ names: String) {
        let date = CivilDate(daysSince1970: days)
        #expect("\(date.weekdayName) \(date.monthName)" == names)
    }
}
