// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore

/// The lengths that stand before the packets of a payload of revision 3.
enum EnginePacketLength {
    /// Nine digits say more than any body may hold, and fit an `Int` of 32 bits.
    private static let maximumDigits = 9

    /// Reads a length up to its terminator. Zero is an error, and so is a number that begins with it.
    static func read(
        from rest: inout ByteBuffer, zero: UInt8, terminator: UInt8
    ) throws(EngineViolation) -> Int {
        var length = 0
        for position in 0...self.maximumDigits {
            guard let byte = rest.readInteger(as: UInt8.self) else { throw .truncated }
            guard byte != terminator || position == 0 else { return length }
            let digit = byte &- zero
            guard digit < 10, position < self.maximumDigits else { throw .invalidLength }
            length = length * 10 + Int(digit)
            guard length > 0 else { throw .emptyPacket }
        }
        throw .invalidLength
    }

    /// How many UTF-16 units a UTF-8 text has: two for each sequence of four bytes, one for any other.
    static func units(in text: ByteBuffer) -> Int {
        text.withUnsafeReadableBytes { bytes in
            var units = 0
            for byte in bytes { units += self.units(at: byte) }
            return units
        }
    }

    /// The length in bytes of the first `units` UTF-16 units; `nil` if there are fewer, or the last of them is the
    /// first half of a surrogate pair.
    static func bytes(ofUnits units: Int, in text: ByteBuffer) -> Int? {
        guard units <= text.readableBytes else { return nil }
        return text.withUnsafeReadableBytes { bytes in
            var counted = 0
            var offset = 0
            while offset < bytes.count {
                let here = self.units(at: bytes[offset])
                guard here == 0 || counted < units else { break }
                counted += here
                offset += 1
            }
            return counted == units ? offset : nil
        }
    }

    /// Bytes inside a sequence count for nothing.
    @inline(__always)
    private static func units(at byte: UInt8) -> Int {
        guard byte & 0xC0 != 0x80 else { return 0 }
        return byte >= 0xF0 ? 2 : 1
    }
}
