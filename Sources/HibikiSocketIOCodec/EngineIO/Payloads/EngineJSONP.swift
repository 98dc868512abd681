// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

/// Polling by script elements and forms, for clients that send the parameter `j`.
public enum EngineJSONP {
    /// Wraps a text payload into a call that a script element runs: `___eio[7]("…");`. The content type stays that
    /// of text, as in the original.
    ///
    /// - Parameter index: the digits that ``EngineQuery/jsonp`` gave.
    public static func script(_ payload: ByteBuffer, index: String) -> ByteBuffer {
        var script = ByteBuffer()
        script.reserveCapacity(payload.readableBytes + index.utf8.count + 32)
        script.writeStaticString("___eio[")
        script.writeString(index)
        script.writeStaticString("](\"")
        script.writeScriptText(payload)
        script.writeStaticString("\");")
        return script
    }

    /// The payload in a form that a client posts: the first field `d`, or `nil` if there is none, which the
    /// original takes for a payload without packets.
    ///
    /// Clients write a newline as `\n`, because browsers would make `\r\n` of it, and the characters `\n` as `\\n`;
    /// both are undone.
    public static func payload(ofForm form: ByteBuffer) -> ByteBuffer? {
        form.withUnsafeReadableBytes { form in
            var rest = form[...]
            while !rest.isEmpty {
                let field = rest.prefix { $0 != UInt8(ascii: "&") }
                if field.starts(with: "d=".utf8) { return self.payload(ofField: field.dropFirst(2)) }
                rest = rest[field.endIndex...].dropFirst()
            }
            return nil
        }
    }

    private static func payload(ofField field: some Collection<UInt8>) -> ByteBuffer {
        var payload = ByteBuffer()
        payload.reserveCapacity(field.count)
        var newlines = NewlineRestorer()
        EngineForm.decode(field) { newlines.append($0, to: &payload) }
        newlines.finish(&payload)
        return payload
    }
}

/// Undoes the escapes of newlines while bytes pass.
private struct NewlineRestorer {
    /// How many backslashes have come in a row and were not written yet.
    private var backslashes = 0

    mutating func append(_ byte: UInt8, to text: inout ByteBuffer) {
        guard byte != UInt8(ascii: "\\") else {
            self.backslashes += 1
            return
        }
        let isNewline = byte == UInt8(ascii: "n") && self.backslashes == 1
        if byte == UInt8(ascii: "n"), self.backslashes > 0 { self.backslashes -= 1 }
        self.finish(&text)
        text.writeInteger(isNewline ? UInt8(ascii: "\n") : byte)
    }

    mutating func finish(_ text: inout ByteBuffer) {
        guard self.backslashes > 0 else { return }
        text.writeRepeatingByte(UInt8(ascii: "\\"), count: self.backslashes)
        self.backslashes = 0
    }
}

extension ByteBuffer {
    /// The content of a string that is both JSON and JavaScript: U+2028 and U+2029, which end a line in scripts, are
    /// escaped too.
    fileprivate mutating func writeScriptText(_ text: ByteBuffer) {
        text.withUnsafeReadableBytes { bytes in
            var runStart = 0
            var offset = 0
            while offset < bytes.count {
                let length = escapedLength(bytes, offset)
                if length > 0 {
                    self.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[runStart..<offset]))
                    self.writeScriptEscape(bytes, offset)
                    runStart = offset + length
                }
                offset += Swift.max(length, 1)
            }
            self.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[runStart...]))
        }
    }

    private mutating func writeScriptEscape(_ bytes: UnsafeRawBufferPointer, _ offset: Int) {
        switch bytes[offset] {
        case UInt8(ascii: "\""): self.writeStaticString("\\\"")
        case UInt8(ascii: "\\"): self.writeStaticString("\\\\")
        case 0x08: self.writeStaticString("\\b")
        case 0x09: self.writeStaticString("\\t")
        case 0x0A: self.writeStaticString("\\n")
        case 0x0C: self.writeStaticString("\\f")
        case 0x0D: self.writeStaticString("\\r")
        case 0xE2: self.writeStaticString(bytes[offset + 2] == 0xA8 ? "\\u2028" : "\\u2029")
        case let control:
            self.writeStaticString(control < 0x10 ? "\\u000" : "\\u001")
            let digits: StaticString = "0123456789abcdef"
            self.writeInteger(digits.utf8Start[Int(control & 0x0F)])
        }
    }
}

/// How many bytes at `offset` an escape stands for; 0 where none is needed.
private func escapedLength(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> Int {
    switch bytes[offset] {
    case ..<0x20, UInt8(ascii: "\""), UInt8(ascii: "\\"): 1
    case 0xE2 where bytes.count - offset >= 3 && bytes[offset + 1] == 0x80 && bytes[offset + 2] & 0xFE == 0xA8: 3
    default: 0
    }
}
