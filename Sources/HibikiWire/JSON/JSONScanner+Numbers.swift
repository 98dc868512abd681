// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

extension JSONScanner {
    /// Passes one number by the grammar of RFC 8259 §6. What follows it is checked by whoever reads on, so `01`
    /// fails at the `1`.
    mutating func scanNumber() throws(JSONSyntaxError) -> JSONValue {
        let start = self.offset
        _ = self.take(UInt8(ascii: "-"))
        if !self.take(UInt8(ascii: "0")) { try self.scanDigits() }
        if self.take(UInt8(ascii: ".")) { try self.scanDigits() }
        if self.take(UInt8(ascii: "e")) || self.take(UInt8(ascii: "E")) {
            if !self.take(UInt8(ascii: "+")) { _ = self.take(UInt8(ascii: "-")) }
            try self.scanDigits()
        }
        return JSONValue(.number, start..<self.offset)
    }

    private mutating func scanDigits() throws(JSONSyntaxError) {
        let start = self.offset
        while let byte = self.current, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { self.offset += 1 }
        guard self.offset > start else { throw self.expected("a digit") }
    }

    /// The number as an integer, or `nil` for a value that is no number, has a fraction or an exponent (`1.0`,
    /// `1e2`), or does not fit.
    public func integer(of value: JSONValue) -> Int64? {
        guard value.kind == .number else { return nil }
        var digits = self.bytes[value.range]
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative { digits.removeFirst() }
        var result: Int64 = 0
        for byte in digits {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            let digit = Int64(byte &- UInt8(ascii: "0"))
            let (shifted, overflowed) = result.multipliedReportingOverflow(by: 10)
            // Negative numbers are built downwards, because the smallest one has no positive twin.
            let (sum, carried) =
                isNegative ? shifted.subtractingReportingOverflow(digit) : shifted.addingReportingOverflow(digit)
            guard !overflowed, !carried else { return nil }
            result = sum
        }
        return result
    }

    /// The number, rounded as doubles are; `nil` for a value that is no number.
    package func double(of value: JSONValue) -> Double? {
        guard value.kind == .number else { return nil }
        return Double(String(decoding: self.bytes[value.range], as: UTF8.self))
    }

    /// Reads an integer that fits `Int64`.
    public mutating func readInteger() throws(JSONSyntaxError) -> Int64 {
        self.skipWhitespace()
        let start = self.offset
        let value = try self.readValue()
        guard let integer = self.integer(of: value) else {
            throw JSONSyntaxError(message: "expected an integer", offset: start)
        }
        return integer
    }
}
