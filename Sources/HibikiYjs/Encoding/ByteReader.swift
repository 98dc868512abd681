// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Reads lib0's numbers and strings from a range of bytes; every read is checked against the end of the range.
package struct ByteReader {
    /// The largest integer that JavaScript holds exactly, 2^53 − 1: the largest number on the wire.
    static let maximum = 9_007_199_254_740_991

    /// Version 2 writes twice the difference of two clocks, which must not be larger than that.
    static let maximumClock = 1 << 52

    let bytes: [UInt8]
    private(set) var position: Int
    let end: Int

    package init(_ bytes: [UInt8]) {
        self.init(bytes, from: 0, to: bytes.count)
    }

    package init(_ bytes: [UInt8], from start: Int, to end: Int) {
        self.bytes = bytes
        self.position = start
        self.end = end
    }

    package var isAtEnd: Bool { self.position >= self.end }
    var remaining: Int { self.end - self.position }

    @inline(__always)
    package mutating func byte() throws(YError) -> UInt8 {
        guard self.position < self.end else { throw .unexpectedEnd }
        let byte = self.bytes[self.position]
        self.position &+= 1  // Below `end`, so it cannot overflow.
        return byte
    }

    /// Seven bits a byte, least significant first. Longer forms than needed are taken, as Yjs takes them.
    @inline(__always)
    package mutating func varUint() throws(YError) -> Int {
        let first = try self.byte()
        if first < 0x80 { return Int(first) }
        return try self.longVarUint(Int(first & 0x7f), shift: 7)
    }

    private mutating func longVarUint(_ low: Int, shift first: Int) throws(YError) -> Int {
        var value = low
        var shift = first
        while true {
            let byte = try self.byte()
            let bits = Int(byte & 0x7f)
            if bits != 0 {
                guard shift < 56 else { throw .integerOutOfRange }
                value |= bits << shift
                guard value <= Self.maximum else { throw .integerOutOfRange }
            }
            if byte < 0x80 { return value }
            shift = min(shift + 7, 63)
        }
    }

    /// A signed number, with its sign apart because −0 is a number of its own in run-length columns.
    package mutating func varInt() throws(YError) -> (magnitude: Int, isNegative: Bool) {
        let first = try self.byte()
        let negative = first & 0x40 != 0
        let low = Int(first & 0x3f)
        guard first & 0x80 != 0 else { return (low, negative) }
        return (try self.longVarUint(low, shift: 6), negative)
    }

    /// A number of bytes that the rest of the input is known to hold.
    package mutating func length() throws(YError) -> Int {
        let length = try self.varUint()
        guard length <= self.remaining else { throw .unexpectedEnd }
        return length
    }

    package mutating func take(_ count: Int) throws(YError) -> Range<Int> {
        guard count >= 0, count <= self.remaining else { throw .unexpectedEnd }
        let start = self.position
        self.position = start + count
        return start..<self.position
    }

    package mutating func byteArray() throws(YError) -> [UInt8] {
        let length = try self.length()
        return Array(self.bytes[try self.take(length)])
    }

    /// A reader of the next length-prefixed part.
    package mutating func part() throws(YError) -> ByteReader {
        let length = try self.length()
        let range = try self.take(length)
        return ByteReader(self.bytes, from: range.lowerBound, to: range.upperBound)
    }

    package mutating func string() throws(YError) -> String {
        let length = try self.length()
        let range = try self.take(length)
        guard let string = String(validating: self.bytes[range], as: UTF8.self) else { throw .invalidUTF8 }
        return string
    }

    /// Appends a string as UTF-16 and returns its length in units.
    package mutating func units(into units: inout [UInt16]) throws(YError) -> Int {
        let length = try self.length()
        let range = try self.take(length)
        return try UTF16Units.append(utf8: self.bytes, range, to: &units)
    }

    package mutating func bigEndian(_ count: Int) throws(YError) -> UInt64 {
        var value: UInt64 = 0
        for _ in 0..<count { value = value << 8 | UInt64(try self.byte()) }
        return value
    }
}
