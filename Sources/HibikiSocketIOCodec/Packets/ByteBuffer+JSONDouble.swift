// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
import NIOCore

extension ByteBuffer {
    /// Writes a number as `JSON.stringify` does: the fewest digits that read back the same, no exponent from 1e-6
    /// up to 1e21, no fraction without need, and `null` for what JSON cannot say.
    mutating func writeJSONDouble(_ value: Double) {
        guard value.isFinite else {
            self.writeStaticString("null")
            return
        }
        // Up to 2⁵³ every integer is exact. This also turns -0.0 into `0`.
        if value.magnitude <= 9_007_199_254_740_992, let integer = Int64(exactly: value) {
            self.writeJSONInteger(integer)
            return
        }
        let text = value.description
        if let parts = ScientificNotation(text) {
            if value < 0 { self.writeStaticString("-") }
            self.writeDecimal(parts.digits, pointAt: parts.exponent + 1)
        } else {
            self.writeSubstring(text.hasSuffix(".0") ? text.dropLast(2) : text[...])
        }
    }

    /// Writes 0.d₁d₂d₃… × 10^point (ECMA-262 §6.1.6.1.20).
    private mutating func writeDecimal(_ digits: [UInt8], pointAt point: Int) {
        if point < -5 || point > 21 {
            self.writeExponential(digits, point - 1)
        } else if point <= 0 {
            self.writeStaticString("0.")
            self.writeRepeatingByte(UInt8(ascii: "0"), count: -point)
            self.writeBytes(digits)
        } else if point < digits.count {
            self.writeBytes(digits[..<point])
            self.writeStaticString(".")
            self.writeBytes(digits[point...])
        } else {
            self.writeBytes(digits)
            self.writeRepeatingByte(UInt8(ascii: "0"), count: point - digits.count)
        }
    }

    private mutating func writeExponential(_ digits: [UInt8], _ exponent: Int) {
        self.writeBytes(digits.prefix(1))
        if digits.count > 1 { self.writeStaticString(".") }
        self.writeBytes(digits.dropFirst())
        if exponent < 0 { self.writeStaticString("e-") } else { self.writeStaticString("e+") }
        self.writeJSONInteger(exponent.magnitude)
    }
}

/// The standard library's way to write numbers of great or small magnitude: `-1.25e-07`.
private struct ScientificNotation {
    /// Of the mantissa, whose point stands after the first.
    var digits: [UInt8]
    var exponent: Int

    /// `nil` for a number without an exponent.
    init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "e"))
        guard parts.count == 2, let exponent = Int(Substring(parts[1])) else { return nil }
        self.digits = parts[0].filter { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
        self.exponent = exponent
    }
}
