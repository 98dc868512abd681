// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
import NIOCore

extension MessagePackReader {
    /// Reads an extension. These have a meaning:
    ///
    /// - type −1 is a timestamp, of 32, 64 or 96 bits, as in the specification;
    /// - type 0 is of older versions of notepack, the library of the Socket.IO clients: of one fixed byte
    ///   `undefined`, of eight fixed bytes a date in milliseconds since 1970, and of any other length an `ArrayBuffer`.
    mutating func readExtension(_ format: UInt8) throws(MessagePackViolation) -> MessagePackToken {
        let length = try self.readExtensionLength(format)
        let type = try self.take(Int8.self)
        let content = try self.take(length)
        switch (type, format) {
        case (-1, _): return try self.date(self.timestamp(content))
        case (0, 0xD4): return .undefined
        case (0, 0xD7): return try self.date(content.signed(at: 0).flatMap { Timestamp(milliseconds: $0) })
        case (0, _): return .binary(content)
        default: throw self.violation("an extension of the unknown type \(type)")
        }
    }

    private mutating func readExtensionLength(_ format: UInt8) throws(MessagePackViolation) -> UInt32 {
        switch format {
        case 0xC7: UInt32(try self.take(UInt8.self))
        case 0xC8: UInt32(try self.take(UInt16.self))
        case 0xC9: try self.take(UInt32.self)
        default: 1 << UInt32((format & 0x0F) &- 4)
        }
    }

    private func date(_ timestamp: Timestamp?) throws(MessagePackViolation) -> MessagePackToken {
        guard let timestamp else { throw self.violation("a date that does not exist") }
        return .date(timestamp.text)
    }

    private func timestamp(_ content: ByteBuffer) -> Timestamp? {
        switch content.readableBytes {
        case 4:
            guard let seconds = content.getInteger(at: content.readerIndex, as: UInt32.self) else { return nil }
            return Timestamp(seconds: Int64(seconds), nanoseconds: 0)
        case 8:
            guard let both = content.getInteger(at: content.readerIndex, as: UInt64.self) else { return nil }
            // Thirty bits of nanoseconds stand above thirty-four of seconds.
            let seconds = Int64(both & 0x3_FFFF_FFFF)
            return Timestamp(seconds: seconds, nanoseconds: UInt32(truncatingIfNeeded: both >> 34))
        case 12:
            guard let nanoseconds = content.getInteger(at: content.readerIndex, as: UInt32.self),
                let seconds = content.signed(at: 4)
            else { return nil }
            return Timestamp(seconds: seconds, nanoseconds: nanoseconds)
        default: return nil
        }
    }
}

extension ByteBuffer {
    fileprivate func signed(at offset: Int) -> Int64? {
        self.getInteger(at: self.readerIndex + offset, as: Int64.self)
    }
}
