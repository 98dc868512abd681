// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The run-length columns of update version 2.

/// Bytes in runs; the last run has no length.
package struct ByteRunWriter {
    private var writer = ByteWriter()
    private var value: UInt8 = 0
    private var count = 0

    package init() {}

    package mutating func write(_ value: UInt8) {
        if self.count > 0, self.value == value {
            self.count += 1
        } else {
            if self.count > 0 { self.writer.varUint(self.count - 1) }
            self.writer.byte(value)
            self.value = value
            self.count = 1
        }
    }

    package consuming func finish() -> [UInt8] { self.writer.bytes }
}

/// Numbers in runs; a run of two and more is written with a negative sign, zero as −0.
package struct UintRunWriter {
    private var writer = ByteWriter()
    private var value = 0
    private var count = 0

    package init() {}

    package mutating func write(_ value: Int) {
        if self.count > 0, self.value == value {
            self.count += 1
        } else {
            self.flush()
            self.value = value
            self.count = 1
        }
    }

    private mutating func flush() {
        guard self.count > 0 else { return }
        self.writer.varInt(magnitude: self.value, isNegative: self.count > 1)
        if self.count > 1 { self.writer.varUint(self.count - 2) }
    }

    package consuming func finish() -> [UInt8] {
        self.flush()
        return self.writer.bytes
    }
}

/// Differences in runs; the lowest bit says whether a length follows.
package struct DifferenceRunWriter {
    private var writer = ByteWriter()
    private var value = 0
    private var difference = 0
    private var count = 0

    package init() {}

    package mutating func write(_ value: Int) {
        let difference = value - self.value
        if self.count > 0, self.difference == difference {
            self.count += 1
        } else {
            self.flush()
            self.difference = difference
            self.count = 1
        }
        self.value = value
    }

    private mutating func flush() {
        guard self.count > 0 else { return }
        self.writer.varInt(self.difference * 2 + (self.count == 1 ? 0 : 1))
        if self.count > 1 { self.writer.varUint(self.count - 2) }
    }

    package consuming func finish() -> [UInt8] {
        self.flush()
        return self.writer.bytes
    }
}

/// Strings as one, and their lengths in UTF-16 units.
package struct StringColumnWriter {
    private var units: [UInt16] = []
    private var lengths = UintRunWriter()

    package init() {}

    package mutating func write(_ string: String) {
        let before = self.units.count
        self.units.append(contentsOf: string.utf16)
        self.lengths.write(self.units.count - before)
    }

    package mutating func write(units: ArraySlice<UInt16>) {
        self.units.append(contentsOf: units)
        self.lengths.write(units.count)
    }

    package consuming func finish() -> [UInt8] {
        let lengths = self.lengths.finish()
        var writer = ByteWriter()
        writer.string(units: self.units[...])
        writer.raw(lengths)
        return writer.bytes
    }
}
