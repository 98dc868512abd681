// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

extension JSONScanner {
    /// Passes one string, its quotes included (RFC 8259 §7).
    mutating func scanString() throws(JSONSyntaxError) -> JSONValue {
        let start = self.offset
        guard self.take(UInt8(ascii: "\"")) else { throw self.expected("a string") }
        var hasEscapes = false
        while true {
            self.skipPlainBytes()
            switch self.current {
            case UInt8(ascii: "\""):
                self.offset += 1
                return JSONValue(.string, start..<self.offset, hasEscapes: hasEscapes)
            case UInt8(ascii: "\\"):
                hasEscapes = true
                try self.scanEscape()
            case nil:
                throw self.expected("the end of a string")
            default:
                throw JSONSyntaxError(message: "a control character must be escaped", offset: self.offset)
            }
        }
    }

    /// Goes to the next quote, backslash or control character, eight bytes at a time.
    @inline(__always)
    private mutating func skipPlainBytes() {
        var offset = self.offset
        let lastWord = self.bytes.count - 8
        while offset <= lastWord {
            let word = self.bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            let hits = Self.hits(in: UInt64(littleEndian: word))
            guard hits == 0 else {
                self.offset = offset + hits.trailingZeroBitCount / 8
                return
            }
            offset &+= 8
        }
        self.offset = offset
        while let byte = self.current, byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
            self.offset += 1
        }
    }

    /// The topmost bit of each of the eight bytes that is a quote, a backslash or below 0x20.
    ///
    /// The lowest bit that is set is right; a borrow may set others above it.
    @inline(__always)
    private static func hits(in word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quote = word ^ (ones &* 0x22)
        let backslash = word ^ (ones &* 0x5C)
        let hits = ((word &- ones &* 0x20) & ~word) | ((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash)
        return hits & (ones &* 0x80)
    }

    private mutating func scanEscape() throws(JSONSyntaxError) {
        self.offset += 1
        switch self.current {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"),
            UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            self.offset += 1
        case UInt8(ascii: "u"):
            self.offset += 1
            for _ in 0..<4 {
                guard let byte = self.current, hexadecimalDigit(byte) != nil else {
                    throw self.expected("a hexadecimal digit")
                }
                self.offset += 1
            }
        default:
            throw self.expected("an escape sequence")
        }
    }

    /// Reads a string. The escape of a lone surrogate becomes U+FFFD.
    public mutating func readString() throws(JSONSyntaxError) -> String {
        self.skipWhitespace()
        return self.text(of: try self.scanString()).string
    }

    /// What a string says; the empty text for any other value.
    public func text(of value: JSONValue) -> JSONText {
        guard value.kind == .string else { return JSONText(unescaped: "") }
        let content = UnsafeRawBufferPointer(rebasing: self.bytes[value.range].dropFirst().dropLast())
        return value.hasEscapes ? JSONText(unescaped: unescapedString(content)) : JSONText(plain: content)
    }
}

@inline(__always)
private func hexadecimalDigit(_ byte: UInt8) -> UInt16? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt16(byte &- UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(byte &- UInt8(ascii: "a") &+ 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt16(byte &- UInt8(ascii: "A") &+ 10)
    default: nil
    }
}

/// The content of a string that was scanned before. No escape is shorter than what it stands for, so the
/// capacity suffices.
private func unescapedString(_ content: UnsafeRawBufferPointer) -> String {
    String(unsafeUninitializedCapacity: content.count) { output in
        var written = 0
        var rest = content[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), let kind = rest.popFirst() else {
                output[written] = byte
                written += 1
                continue
            }
            for unit in UTF8.encode(unescapedScalar(kind, &rest)) ?? UTF8.encodedReplacementCharacter {
                output[written] = unit
                written += 1
            }
        }
        return written
    }
}

private func unescapedScalar(_ kind: UInt8, _ rest: inout Slice<UnsafeRawBufferPointer>) -> Unicode.Scalar {
    switch kind {
    case UInt8(ascii: "b"): "\u{8}"
    case UInt8(ascii: "f"): "\u{C}"
    case UInt8(ascii: "n"): "\n"
    case UInt8(ascii: "r"): "\r"
    case UInt8(ascii: "t"): "\t"
    case UInt8(ascii: "u"): unescapedUnit(&rest)
    default: Unicode.Scalar(kind)
    }
}

/// The scalar of `\uXXXX`, or of two such escapes that form a surrogate pair.
private func unescapedUnit(_ rest: inout Slice<UnsafeRawBufferPointer>) -> Unicode.Scalar {
    let first = codeUnit(&rest)
    guard UTF16.isLeadSurrogate(first) else { return Unicode.Scalar(first) ?? "\u{FFFD}" }
    var ahead = rest
    guard ahead.popFirst() == UInt8(ascii: "\\"), ahead.popFirst() == UInt8(ascii: "u") else { return "\u{FFFD}" }
    let second = codeUnit(&ahead)
    guard UTF16.isTrailSurrogate(second) else { return "\u{FFFD}" }
    rest = ahead
    // Ten bits of each at most, so that the sum is U+10FFFF at most, whatever was sent.
    return Unicode.Scalar(0x10000 + (UInt32(first & 0x3FF) << 10 | UInt32(second & 0x3FF))) ?? "\u{FFFD}"
}

private func codeUnit(_ rest: inout Slice<UnsafeRawBufferPointer>) -> UInt16 {
    var unit: UInt16 = 0
    for _ in 0..<4 {
        guard let byte = rest.popFirst(), let digit = hexadecimalDigit(byte) else { return 0xFFFD }
        unit = unit << 4 | digit
    }
    return unit
}
