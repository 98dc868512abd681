// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore

/// Base64 with the standard alphabet (RFC 4648 §4), the text form of binary messages.
enum EngineBase64 {
    private static let alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    private static let padding = UInt8(ascii: "=")
    /// The value of each byte as a digit; 255 for those that are none.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: .max, count: 256)
        EngineBase64.alphabet.withUTF8Buffer { digits in
            for (value, digit) in zip(UInt8(0)..., digits) { values[Int(digit)] = value }
        }
        return values
    }()

    /// Writes the bytes with padding.
    static func encode(_ bytes: ByteBuffer, into text: inout ByteBuffer) {
        let length = (bytes.readableBytes + 2) / 3 * 4
        text.writeWithUnsafeMutableBytes(minimumWritableBytes: length) { output in
            bytes.withUnsafeReadableBytes { self.encode($0, into: output) }
            return length
        }
    }

    private static func encode(_ bytes: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) {
        let digits = self.alphabet.utf8Start
        func digit(_ word: UInt32, _ shift: UInt32) -> UInt8 { digits[Int((word &>> shift) & 0x3F)] }
        var written = 0
        var offset = 0
        while offset < bytes.count {
            let left = bytes.count - offset
            let first = UInt32(bytes[offset]) << 16
            let second = left > 1 ? UInt32(bytes[offset + 1]) << 8 : 0
            let word = first | second | (left > 2 ? UInt32(bytes[offset + 2]) : 0)
            output[written] = digit(word, 18)
            output[written + 1] = digit(word, 12)
            output[written + 2] = left > 1 ? digit(word, 6) : self.padding
            output[written + 3] = left > 2 ? digit(word, 0) : self.padding
            written += 4
            offset += 3
        }
    }

    /// Reads text that is padded in full or not at all.
    ///
    /// - Returns: `nil` for a byte outside the alphabet, a length that no input has, or bits left over that are not
    ///   zero.
    static func decode(_ text: ByteBuffer) -> ByteBuffer? {
        text.withUnsafeReadableBytes { text in
            let digits = self.withoutPadding(text)
            guard digits.count % 4 != 1 else { return nil }
            var bytes = ByteBuffer()
            var isValid = true
            bytes.writeWithUnsafeMutableBytes(minimumWritableBytes: digits.count / 4 * 3 + 2) { output in
                let count = self.decode(digits, into: output)
                isValid = count != nil
                return count ?? 0
            }
            return isValid ? bytes : nil
        }
    }

    private static func withoutPadding(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        guard !text.isEmpty, text.count % 4 == 0, text[text.count - 1] == self.padding else { return text }
        let padded = text[text.count - 2] == self.padding ? 2 : 1
        return UnsafeRawBufferPointer(rebasing: text[..<(text.count - padded)])
    }

    /// Gives the count of bytes written.
    private static func decode(
        _ digits: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) -> Int? {
        self.values.withUnsafeBufferPointer { values in
            var written = 0
            var pending: UInt32 = 0
            var bits: UInt32 = 0
            for digit in digits {
                let value = values[Int(digit)]
                guard value < 64 else { return nil }
                pending = pending &<< 6 | UInt32(value)
                bits &+= 6
                guard bits >= 8 else { continue }
                bits &-= 8
                output[written] = UInt8(truncatingIfNeeded: pending &>> bits)
                written += 1
            }
            return pending & ((1 &<< bits) &- 1) == 0 ? written : nil
        }
    }
}
