// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// One Unicode scalar at a time between UTF-8 and UTF-16.
enum UTF8Scalars {
    /// Appends the scalar at the index and moves past it, or returns false if there is none (RFC 3629).
    @inline(__always)
    static func append(_ bytes: [UInt8], _ index: inout Int, to units: inout [UInt16]) -> Bool {
        guard index < bytes.count else { return false }
        if bytes[index] < 0x80 {
            units.append(UInt16(bytes[index]))
            index += 1
            return true
        }
        return self.appendLong(bytes, &index, to: &units)
    }

    private static func appendLong(_ bytes: [UInt8], _ index: inout Int, to units: inout [UInt16]) -> Bool {
        let first = bytes[index]
        let (count, least): (Int, UInt32) =
            switch first {
            case 0xc2...0xdf: (1, 0x80)
            case 0xe0...0xef: (2, 0x800)
            case 0xf0...0xf4: (3, 0x1_0000)
            default: (0, 0)
            }
        guard count > 0, bytes.count - index > count else { return false }
        var scalar = UInt32(first) & (0x3f >> UInt32(count))
        for next in bytes[(index + 1)...(index + count)] {
            guard next & 0xc0 == 0x80 else { return false }
            scalar = scalar << 6 | UInt32(next & 0x3f)
        }
        guard scalar >= least, scalar <= 0x10_ffff, scalar & 0xffff_f800 != 0xd800 else { return false }
        index += count + 1
        if scalar < 0x1_0000 {
            units.append(UInt16(truncatingIfNeeded: scalar))
        } else {
            units.append(UInt16(truncatingIfNeeded: 0xd7c0 + (scalar >> 10)))
            units.append(UInt16(truncatingIfNeeded: 0xdc00 | (scalar & 0x3ff)))
        }
        return true
    }

    /// Appends the scalar at the index as UTF-8 and moves past it; the units are whole.
    @inline(__always)
    static func append(_ units: [UInt16], _ index: inout Int, to bytes: inout [UInt8]) {
        let unit = units[index]
        index += 1
        if unit < 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: unit))
            return
        }
        var scalar = UInt32(unit)
        if UTF16.isLeadSurrogate(unit), index < units.count {
            scalar = 0x1_0000 + (UInt32(unit & 0x3ff) << 10) + UInt32(units[index] & 0x3ff)
            index += 1
        }
        self.append(scalar, to: &bytes)
    }

    private static func append(_ scalar: UInt32, to bytes: inout [UInt8]) {
        func tail(_ shift: UInt32) -> UInt8 { 0x80 | UInt8(truncatingIfNeeded: scalar >> shift & 0x3f) }
        if scalar < 0x800 {
            bytes.append(0xc0 | UInt8(truncatingIfNeeded: scalar >> 6))
        } else if scalar < 0x1_0000 {
            bytes.append(0xe0 | UInt8(truncatingIfNeeded: scalar >> 12))
            bytes.append(tail(6))
        } else {
            bytes.append(0xf0 | UInt8(truncatingIfNeeded: scalar >> 18))
            bytes.append(tail(12))
            bytes.append(tail(6))
        }
        bytes.append(tail(0))
    }
}
