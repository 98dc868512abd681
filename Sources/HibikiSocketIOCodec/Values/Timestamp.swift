// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
import NIOCore

/// A moment in milliseconds since 1970, and its text as JavaScript has it (ECMA-262, Date Time String Format).
struct Timestamp: Hashable {
    /// JavaScript knows no moment further from 1970: 100 million days either way.
    static let limit: Int64 = 8_640_000_000_000_000
    private static let millisecondsPerDay: Int64 = 86_400_000

    let milliseconds: Int64

    init?(milliseconds: Int64) {
        guard -Self.limit...Self.limit ~= milliseconds else { return nil }
        self.milliseconds = milliseconds
    }

    /// - Parameter nanoseconds: cut to milliseconds.
    init?(seconds: Int64, nanoseconds: UInt32) {
        let (whole, overflowed) = seconds.multipliedReportingOverflow(by: 1000)
        guard !overflowed, nanoseconds < 1_000_000_000 else { return nil }
        let (sum, carried) = whole.addingReportingOverflow(Int64(nanoseconds / 1_000_000))
        guard !carried else { return nil }
        self.init(milliseconds: sum)
    }

    /// `YYYY-MM-DDTHH:mm:ss.sssZ`, in UTC. Years outside 0...9999 have a sign and six digits.
    var text: String {
        let (days, time) = self.milliseconds.flooredQuotientAndRemainder(by: Self.millisecondsPerDay)
        let date = CivilDate(daysSince1970: days)
        var text = ByteBuffer()
        text.writeYear(date.year)
        text.writeDecimal("-", date.month, 2)
        text.writeDecimal("-", date.day, 2)
        text.writeDecimal("T", time / 3_600_000, 2)
        text.writeDecimal(":", time / 60_000 % 60, 2)
        text.writeDecimal(":", time / 1000 % 60, 2)
        text.writeDecimal(".", time % 1000, 3)
        text.writeStaticString("Z")
        return String(buffer: text)
    }
}

// MARK: Reading

extension Timestamp {
    /// Reads what `text` writes, and also a fraction of any length (cut to milliseconds) or none, and an offset such
    /// as `+02:00`. `nil` for anything else, and for days and hours that do not exist.
    init?(_ text: String) {
        var rest = Substring(text).utf8
        guard let days = rest.takeDate(), rest.take("T"), let time = rest.takeTime(), let offset = rest.takeOffset(),
            rest.isEmpty
        else { return nil }
        self.init(milliseconds: days * Self.millisecondsPerDay + time - offset)
    }
}

extension Substring.UTF8View {
    fileprivate mutating func take(_ byte: Unicode.Scalar) -> Bool {
        guard self.first == UInt8(ascii: byte) else { return false }
        self.removeFirst()
        return true
    }

    /// So many digits, no fewer.
    fileprivate mutating func takeDigits(_ count: Int) -> Int64? {
        var value: Int64 = 0
        for _ in 0..<count {
            guard let byte = self.first, UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte else { return nil }
            value = value * 10 + Int64(byte - UInt8(ascii: "0"))
            self.removeFirst()
        }
        return value
    }

    fileprivate mutating func takeDate() -> Int64? {
        guard let year = self.takeYear(), self.take("-"), let month = self.takeDigits(2), self.take("-"),
            let day = self.takeDigits(2)
        else { return nil }
        return CivilDate(year: year, month: month, day: day)?.daysSince1970
    }

    private mutating func takeYear() -> Int64? {
        if self.take("+") { return self.takeDigits(6) }
        guard self.take("-") else { return self.takeDigits(4) }
        guard let year = self.takeDigits(6), year > 0 else { return nil }
        return -year
    }

    fileprivate mutating func takeTime() -> Int64? {
        guard let hour = self.takeDigits(2), hour < 24, self.take(":"), let minute = self.takeDigits(2), minute < 60,
            self.take(":"), let second = self.takeDigits(2), second < 60, let fraction = self.takeFraction()
        else { return nil }
        return ((hour * 60 + minute) * 60 + second) * 1000 + fraction
    }

    /// Milliseconds; 0 if there is no fraction.
    private mutating func takeFraction() -> Int64? {
        guard self.take(".") else { return 0 }
        let digits = self.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
        guard !digits.isEmpty else { return nil }
        self.removeFirst(digits.count)
        return zip(digits, [100, 10, 1]).reduce(0) { $0 + Int64($1.0 - UInt8(ascii: "0")) * $1.1 }
    }

    /// Milliseconds east of UTC.
    fileprivate mutating func takeOffset() -> Int64? {
        if self.take("Z") { return 0 }
        let sign: Int64 = self.first == UInt8(ascii: "-") ? -1 : 1
        guard self.take("+") || self.take("-"), let hours = self.takeDigits(2), hours < 24, self.take(":"),
            let minutes = self.takeDigits(2), minutes < 60
        else { return nil }
        return sign * (hours * 60 + minutes) * 60_000
    }
}

// MARK: Writing

extension ByteBuffer {
    fileprivate mutating func writeYear(_ year: Int64) {
        guard 0...9999 ~= year else {
            self.writeDecimal(year < 0 ? "-" : "+", abs(year), 6)
            return
        }
        self.writeDecimal("", year, 4)
    }

    /// Writes a separator and at least so many digits.
    fileprivate mutating func writeDecimal(_ separator: StaticString, _ value: Int64, _ count: Int) {
        self.writeStaticString(separator)
        var bound: Int64 = 10
        for _ in 1..<count {
            if value < bound { self.writeStaticString("0") }
            bound *= 10
        }
        self.writeJSONInteger(value)
    }
}
