// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Checks UTF-8 as it arrives (RFC 3629 §4), in pieces that may end anywhere, and fails at the first wrong byte: an
/// overlong form, a surrogate or a number above U+10FFFF is refused at its second byte already.
public struct UTF8Validator: Sendable, Equatable {
    /// Bytes that the character begun still needs.
    private var missing: UInt8 = 0
    /// What the next of them may be. Narrower than 0x80...0xBF only after E0, ED, F0 and F4.
    private var lowest: UInt8 = 0x80
    private var highest: UInt8 = 0xBF

    public init() {}

    /// Whether the bytes so far end at the end of a character.
    public var isComplete: Bool {
        self.missing == 0
    }

    /// Whether `bytes` are UTF-8 from beginning to end.
    public static func isValid(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var validator = UTF8Validator()
        return validator.accepts(bytes) && validator.isComplete
    }

    /// Goes on with `bytes`. After a `false` the validator is of no further use.
    public mutating func accepts(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let base = bytes.baseAddress else { return true }
        var index = 0
        while index < bytes.count {
            if self.missing == 0 {
                index = Self.skipCharacters(base, from: index, count: bytes.count)
                guard index < bytes.count else { return true }
            }
            guard self.accepts(base.load(fromByteOffset: index, as: UInt8.self)) else { return false }
            index &+= 1
        }
        return true
    }

    /// Passes over ASCII and over whole characters of two and three bytes that need no closer look, and stops at all
    /// else: the end, the rare and the wrong.
    private static func skipCharacters(_ base: UnsafeRawPointer, from start: Int, count: Int) -> Int {
        var index = self.skipASCII(base, from: start, count: count)
        while count - index >= 4 {
            let bytes = UInt32(bigEndian: base.loadUnaligned(fromByteOffset: index, as: UInt32.self))
            if bytes & 0xF0C0_C000 == 0xE080_8000, bytes & 0x0F20_0000 != 0, bytes & 0x0F20_0000 != 0x0D20_0000 {
                index &+= 3
            } else if bytes & 0xE0C0_0000 == 0xC080_0000, bytes & 0x1E00_0000 != 0 {
                index &+= 2
            } else if bytes & 0x8000_0000 == 0 {
                index = self.skipASCII(base, from: index, count: count)
            } else {
                break
            }
        }
        return index
    }

    private static func skipASCII(_ base: UnsafeRawPointer, from start: Int, count: Int) -> Int {
        let high: UInt64 = 0x8080_8080_8080_8080
        var index = start
        while count - index >= 16 {
            let first = base.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            let second = base.loadUnaligned(fromByteOffset: index &+ 8, as: UInt64.self)
            guard (first | second) & high == 0 else { break }
            index &+= 16
        }
        while count - index >= 8, base.loadUnaligned(fromByteOffset: index, as: UInt64.self) & high == 0 {
            index &+= 8
        }
        while index < count, base.load(fromByteOffset: index, as: UInt8.self) < 0x80 {
            index &+= 1
        }
        return index
    }

    private mutating func accepts(_ byte: UInt8) -> Bool {
        guard self.missing == 0 else {
            guard self.lowest <= byte, byte <= self.highest else { return false }
            self.expect(self.missing &- 1)
            return true
        }
        switch byte {
        case 0x00...0x7F: break
        case 0xC2...0xDF: self.expect(1)
        case 0xE0: self.expect(2, from: 0xA0)
        case 0xED: self.expect(2, to: 0x9F)
        case 0xE1...0xEF: self.expect(2)
        case 0xF0: self.expect(3, from: 0x90)
        case 0xF1...0xF3: self.expect(3)
        case 0xF4: self.expect(3, to: 0x8F)
        default: return false
        }
        return true
    }

    private mutating func expect(_ missing: UInt8, from lowest: UInt8 = 0x80, to highest: UInt8 = 0xBF) {
        self.missing = missing
        self.lowest = lowest
        self.highest = highest
    }
}
