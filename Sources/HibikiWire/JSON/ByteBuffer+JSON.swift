// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

extension ByteBuffer {
    /// Writes a string between quotes and escapes what RFC 8259 §7 demands: the quote, the backslash and the
    /// control characters.
    public mutating func writeJSONString(_ string: String) {
        self.writeJoined(string.jsonLength) { $0.append(json: string) }
    }

    /// Writes an integer of up to 64 bits in decimal digits.
    public mutating func writeJSONInteger(_ integer: some FixedWidthInteger) {
        self.writeJoined(integer.jsonLength) { $0.append(json: integer) }
    }

    public mutating func writeJSONBoolean(_ value: Bool) {
        if value { self.writeStaticString("true") } else { self.writeStaticString("false") }
    }
}
