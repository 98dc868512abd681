// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Updates of version 1, put together by hand.
enum Wire {
    static func number(_ value: Int) -> [UInt8] {
        var rest = value
        var bytes: [UInt8] = []
        while rest > 127 {
            bytes.append(UInt8(rest & 127) | 128)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }

    /// A number above 63 as the columns of version 2 write it.
    static func long(_ value: Int) -> [UInt8] { [UInt8(value & 63) | 128] + self.number(value >> 6) }

    /// The structs of one client from a clock on.
    static func part(_ client: Int, from clock: Int = 0, _ structs: [[UInt8]]) -> [UInt8] {
        self.number(structs.count) + self.number(client) + self.number(clock) + structs.joined()
    }

    static func update(_ parts: [[UInt8]], deletions: [UInt8] = [0]) -> [UInt8] {
        self.number(parts.count) + parts.joined() + deletions
    }

    static func deletions(of client: Int, _ ranges: [(clock: Int, length: Int)]) -> [UInt8] {
        [1] + self.number(client) + self.number(ranges.count)
            + ranges.flatMap { self.number($0.clock) + self.number($0.length) }
    }

    /// Text without neighbours in the root "t".
    static func text(_ text: String) -> [UInt8] { [4, 1, 1, 0x74] + self.string(text) }

    /// Text behind a unit.
    static func text(_ text: String, after client: Int, _ clock: Int) -> [UInt8] {
        [0x84] + self.number(client) + self.number(clock) + self.string(text)
    }

    /// Text in front of a unit and behind nothing.
    static func text(_ text: String, before client: Int, _ clock: Int) -> [UInt8] {
        [0x44] + self.number(client) + self.number(clock) + self.string(text)
    }

    static func string(_ text: String) -> [UInt8] { self.number(text.utf8.count) + Array(text.utf8) }
}
