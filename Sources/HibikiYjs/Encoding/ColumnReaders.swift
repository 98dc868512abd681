// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The run-length columns of update version 2, read back. A run may be as long as a number can say: whoever reads
/// a column decides how often, so it is the number of structs that is bounded, not the column.

/// Bytes in runs; the last run goes on for ever.
package struct ByteRunReader {
    private var reader: ByteReader
    private var value: UInt8 = 0
    private var left = 0

    package init(_ reader: ByteReader) { self.reader = reader }

    package mutating func next() throws(YError) -> UInt8 {
        if self.left == 0 {
            self.value = try self.reader.byte()
            self.left = self.reader.isAtEnd ? -1 : try self.reader.varUint() + 1
        }
        if self.left > 0 { self.left -= 1 }
        return self.value
    }
}

/// Numbers in runs; a negative sign, that of −0 too, says that a length follows.
package struct UintRunReader {
    private var reader: ByteReader
    private var value = 0
    private var left = 0

    package init(_ reader: ByteReader) { self.reader = reader }

    package mutating func next() throws(YError) -> Int {
        if self.left == 0 {
            let (magnitude, negative) = try self.reader.varInt()
            self.value = magnitude
            self.left = negative ? try self.reader.varUint() + 2 : 1
        }
        self.left -= 1
        return self.value
    }
}

/// Differences in runs; the lowest bit of a difference says that a length follows.
package struct DifferenceRunReader {
    private var reader: ByteReader
    private var value = 0
    private var difference = 0
    private var left = 0

    package init(_ reader: ByteReader) { self.reader = reader }

    package mutating func next() throws(YError) -> Int {
        if self.left == 0 {
            let (magnitude, negative) = try self.reader.varInt()
            let doubled = negative ? -magnitude : magnitude
            self.difference = doubled >> 1
            self.left = doubled & 1 == 1 ? try self.reader.varUint() + 2 : 1
        }
        self.left -= 1
        self.value += self.difference  // Both below 2^53 in magnitude, as the next line keeps them.
        guard self.value >= 0, self.value <= ByteReader.maximum else { throw .integerOutOfRange }
        return self.value
    }
}

/// One long string and the lengths of its pieces in UTF-16 units.
package struct StringColumnReader {
    private(set) var units: [UInt16] = []
    private var lengths: UintRunReader
    private var position = 0

    package init(_ reader: ByteReader) throws(YError) {
        var reader = reader
        // An empty column has no string at all.
        if !reader.isAtEnd { _ = try reader.units(into: &self.units) }
        self.lengths = UintRunReader(reader)
    }

    package mutating func next() throws(YError) -> Range<Int> {
        let length = try self.lengths.next()
        guard length <= self.units.count - self.position else { throw .unexpectedEnd }
        let start = self.position
        self.position = start + length
        return start..<self.position
    }

    package mutating func string() throws(YError) -> String {
        String(decoding: self.units[try self.next()], as: UTF16.self)
    }
}
