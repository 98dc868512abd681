// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

extension ByteBuffer {
    /// Writes a string between quotes and escapes what RFC 8259 §7 demands: the quote, the backslash and the
    /// control characters.
    public mutating func writeJSONString(_ string: String) {
        var string = string
        string.withUTF8 { utf8 in
            let bytes = UnsafeRawBufferPointer(utf8)
            guard bytes.needJSONEscape else { return self.writeQuoted(bytes) }
            self.writeInteger(UInt8(ascii: "\""))
            self.writeEscaped(bytes)
            self.writeInteger(UInt8(ascii: "\""))
        }
    }

    private mutating func writeQuoted(_ bytes: UnsafeRawBufferPointer) {
        self.writeJoined(bytes.count + 2) { text in
            text.append(UInt8(ascii: "\""))
            text.append(bytes)
            text.append(UInt8(ascii: "\""))
        }
    }

    /// Writes an integer of up to 64 bits in decimal digits.
    public mutating func writeJSONInteger(_ integer: some FixedWidthInteger) {
        // Twenty bytes hold `UInt64.max`, and `Int64.min` with its sign.
        self.writeWithUnsafeMutableBytes(minimumWritableBytes: 20) { output in
            var magnitude = UInt64(clamping: integer.magnitude)
            var first = 20
            repeat {
                first -= 1
                output[first] = UInt8(truncatingIfNeeded: magnitude % 10) + UInt8(ascii: "0")
                magnitude /= 10
            } while magnitude > 0
            if integer < 0 {
                first -= 1
                output[first] = UInt8(ascii: "-")
            }
            output.copyMemory(from: UnsafeRawBufferPointer(rebasing: output[first..<20]))
            return 20 - first
        }
    }

    public mutating func writeJSONBoolean(_ value: Bool) {
        if value { self.writeStaticString("true") } else { self.writeStaticString("false") }
    }

    /// Copies runs that need no escape as they are.
    private mutating func writeEscaped(_ bytes: UnsafeRawBufferPointer) {
        var runStart = 0
        for index in 0..<bytes.count {
            let byte = bytes[index]
            guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
            self.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[runStart..<index]))
            self.writeEscape(of: byte)
            runStart = index + 1
        }
        self.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[runStart...]))
    }

    private mutating func writeEscape(of byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): self.writeStaticString("\\\"")
        case UInt8(ascii: "\\"): self.writeStaticString("\\\\")
        case 0x08: self.writeStaticString("\\b")
        case 0x09: self.writeStaticString("\\t")
        case 0x0A: self.writeStaticString("\\n")
        case 0x0C: self.writeStaticString("\\f")
        case 0x0D: self.writeStaticString("\\r")
        default:
            self.writeStaticString("\\u00")
            self.writeInteger(byte < 0x10 ? UInt8(ascii: "0") : UInt8(ascii: "1"))
            let low = byte & 0x0F
            self.writeInteger(low < 10 ? low + UInt8(ascii: "0") : low - 10 + UInt8(ascii: "a"))
        }
    }
}

extension String {
    /// Whether the string cannot stand between quotes as it is.
    package var needsJSONEscape: Bool {
        var text = self
        return text.withUTF8 { UnsafeRawBufferPointer($0).needJSONEscape }
    }
}

extension UnsafeRawBufferPointer {
    /// Looks at every byte without a branch, so that the compiler looks at many at once.
    fileprivate var needJSONEscape: Bool {
        var found: UInt8 = 0
        for byte in self {
            found |= byte < 0x20 ? 1 : 0
            found |= byte == UInt8(ascii: "\"") ? 1 : 0
            found |= byte == UInt8(ascii: "\\") ? 1 : 0
        }
        return found != 0
    }
}
