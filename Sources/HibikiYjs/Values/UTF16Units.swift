// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Text as the wire counts it: in UTF-16 units.
enum UTF16Units {
    static let replacement: UInt16 = 0xfffd

    @inline(__always)
    static func isHighSurrogate(_ unit: UInt16) -> Bool { unit & 0xfc00 == 0xd800 }

    @inline(__always)
    static func isLowSurrogate(_ unit: UInt16) -> Bool { unit & 0xfc00 == 0xdc00 }

    /// Appends UTF-8 as UTF-16 and returns the number of units; throws at the first byte that is not UTF-8.
    static func append(utf8 bytes: [UInt8], _ range: Range<Int>, to units: inout [UInt16]) throws(YError) -> Int {
        let before = units.count
        var index = range.lowerBound
        let end = range.upperBound
        while index < end, bytes[index] < 0x80 {
            units.append(UInt16(bytes[index]))
            index += 1
        }
        while index < end {
            let scalar = try self.scalar(bytes, &index, end)
            if scalar < 0x1_0000 {
                units.append(UInt16(truncatingIfNeeded: scalar))
            } else {
                units.append(UInt16(truncatingIfNeeded: 0xd7c0 + (scalar >> 10)))
                units.append(UInt16(truncatingIfNeeded: 0xdc00 | (scalar & 0x3ff)))
            }
        }
        return units.count - before
    }

    private static func scalar(_ bytes: [UInt8], _ index: inout Int, _ end: Int) throws(YError) -> UInt32 {
        let first = bytes[index]
        index += 1
        if first < 0x80 { return UInt32(first) }
        let (count, least): (Int, UInt32) =
            switch first {
            case 0xc2...0xdf: (1, 0x80)
            case 0xe0...0xef: (2, 0x800)
            case 0xf0...0xf4: (3, 0x1_0000)
            default: throw .invalidUTF8
            }
        guard end - index >= count else { throw .invalidUTF8 }
        var scalar = UInt32(first) & (0x3f >> UInt32(count))
        for _ in 0..<count {
            let next = bytes[index]
            guard next & 0xc0 == 0x80 else { throw .invalidUTF8 }
            scalar = scalar << 6 | UInt32(next & 0x3f)
            index += 1
        }
        guard scalar >= least, scalar <= 0x10_ffff, scalar & 0xffff_f800 != 0xd800 else { throw .invalidUTF8 }
        return scalar
    }

    /// The bytes that the units take as UTF-8, a lone surrogate counting as U+FFFD.
    static func utf8Length(_ units: ArraySlice<UInt16>) -> Int {
        var length = 0
        var index = units.startIndex
        while index < units.endIndex {
            let unit = units[index]
            index += 1
            if unit < 0x80 {
                length += 1
            } else if unit < 0x800 {
                length += 2
            } else if self.isHighSurrogate(unit), index < units.endIndex, self.isLowSurrogate(units[index]) {
                length += 4
                index += 1
            } else {
                length += 3
            }
        }
        return length
    }

    static func append(_ units: ArraySlice<UInt16>, asUTF8To bytes: inout [UInt8]) {
        var index = units.startIndex
        while index < units.endIndex {
            let unit = units[index]
            index += 1
            if unit < 0x80 {
                bytes.append(UInt8(truncatingIfNeeded: unit))
                continue
            }
            var scalar = UInt32(unit)
            if unit & 0xf800 == 0xd800 {
                if self.isHighSurrogate(unit), index < units.endIndex, self.isLowSurrogate(units[index]) {
                    scalar = 0x1_0000 + (UInt32(unit & 0x3ff) << 10) + UInt32(units[index] & 0x3ff)
                    index += 1
                } else {
                    scalar = UInt32(self.replacement)
                }
            }
            self.append(scalar: scalar, to: &bytes)
        }
    }

    private static func append(scalar: UInt32, to bytes: inout [UInt8]) {
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
