// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

extension JoinedBytes {
    /// Appends a string between quotes, in ``Swift/String/jsonLength`` bytes, and escapes what RFC 8259 §7 demands: the quote, the
    /// backslash and the control characters.
    package mutating func append(json string: String) {
        var string = string
        string.withUTF8 { utf8 in
            let bytes = UnsafeRawBufferPointer(utf8)
            self.append(UInt8(ascii: "\""))
            if bytes.jsonEscapes == 0 { self.append(bytes) } else { self.append(escaping: bytes) }
            self.append(UInt8(ascii: "\""))
        }
    }

    /// The same for a string whose ``Swift/String/jsonLength`` is known, and with it whether there is anything to escape.
    package mutating func append(json string: String, length: Int) {
        guard string.utf8.count + 2 == length else { return self.append(json: string) }
        self.append(UInt8(ascii: "\""))
        self.append(string)
        self.append(UInt8(ascii: "\""))
    }

    /// Appends an integer of up to 64 bits in decimal digits, of which there are ``Swift/FixedWidthInteger/jsonLength``.
    package mutating func append(json integer: some FixedWidthInteger) {
        if integer < 0 { self.append(UInt8(ascii: "-")) }
        var magnitude = UInt64(clamping: integer.magnitude)
        // Twenty digits hold `UInt64.max`.
        withUnsafeTemporaryAllocation(byteCount: 20, alignment: 1) { digits in
            var first = 20
            repeat {
                first -= 1
                digits[first] = UInt8(truncatingIfNeeded: magnitude % 10) + UInt8(ascii: "0")
                magnitude /= 10
            } while magnitude > 0
            self.append(UnsafeRawBufferPointer(rebasing: digits[first..<20]))
        }
    }

    package mutating func append(json value: Bool) {
        self.append(value ? "true" : "false")
    }

    /// Copies runs that need no escape as they are.
    private mutating func append(escaping bytes: UnsafeRawBufferPointer) {
        var runStart = 0
        for index in 0..<bytes.count where bytes[index].jsonEscape > 0 {
            self.append(UnsafeRawBufferPointer(rebasing: bytes[runStart..<index]))
            self.append(escapeOf: bytes[index])
            runStart = index + 1
        }
        self.append(UnsafeRawBufferPointer(rebasing: bytes[runStart...]))
    }

    private mutating func append(escapeOf byte: UInt8) {
        self.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): self.append(byte)
        case 0x08: self.append(UInt8(ascii: "b"))
        case 0x09: self.append(UInt8(ascii: "t"))
        case 0x0A: self.append(UInt8(ascii: "n"))
        case 0x0C: self.append(UInt8(ascii: "f"))
        case 0x0D: self.append(UInt8(ascii: "r"))
        default:
            self.append(byte < 0x10 ? "u000" : "u001")
            let low = byte & 0x0F
            self.append(low < 10 ? low + UInt8(ascii: "0") : low - 10 + UInt8(ascii: "a"))
        }
    }
}

extension String {
    /// The bytes of the string as JSON, with its quotes.
    package var jsonLength: Int {
        let escapes = self.utf8.withContiguousStorageIfAvailable { UnsafeRawBufferPointer($0).jsonEscapes }
        return self.utf8.count + (escapes ?? self.utf8.reduce(0) { $0 + $1.jsonEscape }) + 2
    }
}

extension FixedWidthInteger {
    /// The bytes of the integer as JSON, with its sign. Up to 64 bits.
    package var jsonLength: Int {
        var length = self < 0 ? 2 : 1
        var rest = UInt64(clamping: self.magnitude) / 10
        while rest > 0 {
            length += 1
            rest /= 10
        }
        return length
    }
}

extension UnsafeRawBufferPointer {
    /// How many bytes escapes add. Without a branch, so that the compiler looks at many bytes at once.
    fileprivate var jsonEscapes: Int {
        var found: UInt8 = 0
        for byte in self {
            found |= byte.needsJSONEscape
        }
        guard found != 0 else { return 0 }
        return self.reduce(0) { $0 + $1.jsonEscape }
    }
}

extension UInt8 {
    fileprivate var needsJSONEscape: UInt8 {
        (self < 0x20 ? 1 : 0) | (self == UInt8(ascii: "\"") ? 1 : 0) | (self == UInt8(ascii: "\\") ? 1 : 0)
    }

    /// How many bytes more than one the byte takes up in a JSON string.
    fileprivate var jsonEscape: Int {
        switch self {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), 0x08, 0x09, 0x0A, 0x0C, 0x0D: 1
        case 0..<0x20: 5
        default: 0
        }
    }
}
