// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Writes lib0's numbers and strings.
package struct ByteWriter {
    package private(set) var bytes: [UInt8] = []

    package init(reserving capacity: Int = 0) {
        if capacity > 0 { self.bytes.reserveCapacity(capacity) }
    }

    var isEmpty: Bool { self.bytes.isEmpty }

    @inline(__always)
    package mutating func byte(_ byte: UInt8) { self.bytes.append(byte) }

    @inline(__always)
    package mutating func varUint(_ value: Int) {
        if value < 0x80 {
            self.bytes.append(UInt8(truncatingIfNeeded: value))
        } else {
            self.longVarUint(value)
        }
    }

    private mutating func longVarUint(_ value: Int) {
        var rest = UInt(bitPattern: value)
        while rest > 0x7f {
            self.bytes.append(0x80 | UInt8(truncatingIfNeeded: rest & 0x7f))
            rest >>= 7
        }
        self.bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    package mutating func varInt(magnitude: Int, isNegative: Bool) {
        let sign: UInt8 = isNegative ? 0x40 : 0
        let low = UInt8(truncatingIfNeeded: magnitude & 0x3f)
        guard magnitude > 0x3f else { return self.byte(sign | low) }
        self.byte(0x80 | sign | low)
        self.longVarUint(magnitude >> 6)
    }

    package mutating func varInt(_ value: Int) {
        self.varInt(magnitude: Int(clamping: value.magnitude), isNegative: value < 0)
    }

    package mutating func raw(_ bytes: [UInt8]) { self.bytes.append(contentsOf: bytes) }
    package mutating func raw(_ bytes: ArraySlice<UInt8>) { self.bytes.append(contentsOf: bytes) }

    package mutating func byteArray(_ bytes: [UInt8]) {
        self.varUint(bytes.count)
        self.raw(bytes)
    }

    package mutating func string(_ string: String) {
        let utf8 = string.utf8
        self.varUint(utf8.count)
        self.bytes.append(contentsOf: utf8)
    }

    /// A string given as UTF-16; a lone surrogate is written as U+FFFD, as JavaScript's encoder does.
    package mutating func string(units: ArraySlice<UInt16>) {
        self.varUint(UTF16Units.utf8Length(units))
        UTF16Units.append(units, asUTF8To: &self.bytes)
    }

    package mutating func bigEndian(_ value: UInt64, _ count: Int) {
        for index in stride(from: (count - 1) * 8, through: 0, by: -8) {
            self.byte(UInt8(truncatingIfNeeded: value >> UInt64(index)))
        }
    }
}
