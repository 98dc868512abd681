// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

extension ByteBuffer {
    public mutating func writeMessagePackNull() {
        self.writeInteger(UInt8(0xC0))
    }

    public mutating func writeMessagePackBool(_ value: Bool) {
        self.writeInteger(UInt8(value ? 0xC3 : 0xC2))
    }

    /// Writes an integer in the smallest form that holds it.
    public mutating func writeMessagePackInteger(_ value: Int64) {
        if let magnitude = UInt64(exactly: value) {
            self.writeMessagePackInteger(magnitude)
        } else if value >= -0x20 {
            self.writeInteger(Int8(truncatingIfNeeded: value))
        } else if let small = Int8(exactly: value) {
            self.writeMultipleIntegers(UInt8(0xD0), small)
        } else if let small = Int16(exactly: value) {
            self.writeMultipleIntegers(UInt8(0xD1), small)
        } else if let small = Int32(exactly: value) {
            self.writeMultipleIntegers(UInt8(0xD2), small)
        } else {
            self.writeMultipleIntegers(UInt8(0xD3), value)
        }
    }

    /// Writes an integer in the smallest form that holds it.
    public mutating func writeMessagePackInteger(_ value: UInt64) {
        if value < 0x80 {
            self.writeInteger(UInt8(truncatingIfNeeded: value))
        } else if let small = UInt8(exactly: value) {
            self.writeMultipleIntegers(UInt8(0xCC), small)
        } else if let small = UInt16(exactly: value) {
            self.writeMultipleIntegers(UInt8(0xCD), small)
        } else if let small = UInt32(exactly: value) {
            self.writeMultipleIntegers(UInt8(0xCE), small)
        } else {
            self.writeMultipleIntegers(UInt8(0xCF), value)
        }
    }

    /// Writes a number as JavaScript has it: one that is whole, and exact as a double, as an integer; any other with
    /// 64 bits.
    public mutating func writeMessagePackNumber(_ value: Double) {
        if value.magnitude <= 0x1p53, let integer = Int64(exactly: value) {
            self.writeMessagePackInteger(integer)
        } else {
            self.writeMultipleIntegers(UInt8(0xCB), value.bitPattern)
        }
    }

    public mutating func writeMessagePackString(_ value: String) {
        let count = value.utf8.count
        if count < 0x20 {
            self.writeInteger(0xA0 | UInt8(truncatingIfNeeded: count))
        } else {
            self.writeLength(count, formats: (0xD9, 0xDA, 0xDB))
        }
        self.writeString(value)
    }

    public mutating func writeMessagePackBinary(_ value: ByteBuffer) {
        self.writeLength(value.readableBytes, formats: (0xC4, 0xC5, 0xC6))
        self.writeImmutableBuffer(value)
    }

    /// Begins an array: so many values must follow.
    public mutating func writeMessagePackArrayHeader(count: Int) {
        self.writeCount(count, short: 0x90, formats: (0xDC, 0xDD))
    }

    /// Begins a map: so many pairs of a key and a value must follow.
    public mutating func writeMessagePackMapHeader(count: Int) {
        self.writeCount(count, short: 0x80, formats: (0xDE, 0xDF))
    }

    private mutating func writeLength(_ length: Int, formats: (UInt8, UInt8, UInt8)) {
        if let small = UInt8(exactly: length) {
            self.writeMultipleIntegers(formats.0, small)
        } else if let small = UInt16(exactly: length) {
            self.writeMultipleIntegers(formats.1, small)
        } else {
            // A `ByteBuffer` holds no more than 32 bits can count.
            self.writeMultipleIntegers(formats.2, UInt32(truncatingIfNeeded: length))
        }
    }

    private mutating func writeCount(_ count: Int, short: UInt8, formats: (UInt8, UInt8)) {
        if count < 0x10 {
            self.writeInteger(short | UInt8(truncatingIfNeeded: count))
        } else if let small = UInt16(exactly: count) {
            self.writeMultipleIntegers(formats.0, small)
        } else {
            self.writeMultipleIntegers(formats.1, UInt32(truncatingIfNeeded: count))
        }
    }
}
