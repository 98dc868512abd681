// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

/// The text of an event stream (HTML standard, "Server-sent events").
///
/// Nothing that is given here can begin a line of its own: line ends in data become further `data:` lines, and
/// elsewhere they are left out.
extension ByteBuffer {
    /// Writes one event with its closing blank line.
    ///
    /// - Parameters:
    ///   - id: written without CR, LF and NUL. `nil` writes no field, so that the client keeps the id it has.
    ///   - event: written likewise. `nil` or nothing left means `message`.
    public mutating func writeServerSentEvent(id: String? = nil, event: String? = nil, data: ByteBuffer) {
        data.withUnsafeReadableBytes { self.writeServerSentEvent(id: id, event: event, bytes: $0) }
    }

    public mutating func writeServerSentEvent(id: String? = nil, event: String? = nil, data: String) {
        var data = data
        data.withUTF8 { self.writeServerSentEvent(id: id, event: event, bytes: UnsafeRawBufferPointer($0)) }
    }

    /// Writes a comment, which every client passes over; an empty one keeps proxies awake.
    public mutating func writeServerSentComment(_ text: String = "") {
        self.writeStaticString(":")
        if !text.isEmpty { self.writeStaticString(" ") }
        self.writeLine(text)
        self.writeStaticString("\n")
    }

    /// Tells the client how long to wait before it connects again.
    public mutating func writeServerSentRetry(milliseconds: Int) {
        self.writeStaticString("retry: ")
        self.writeJSONInteger(max(0, milliseconds))
        self.writeStaticString("\n\n")
    }

    private mutating func writeServerSentEvent(id: String?, event: String?, bytes: UnsafeRawBufferPointer) {
        if let id {
            self.writeStaticString("id: ")
            self.writeLine(id)
        }
        if let event {
            self.writeStaticString("event: ")
            self.writeLine(event)
        }
        self.writeDataLines(bytes)
        self.writeStaticString("\n")
    }

    /// Writes the text without the bytes that would end or void its line, and the line's end.
    private mutating func writeLine(_ text: String) {
        if text.utf8.contains(where: Self.endsOrVoidsLine) {
            for byte in text.utf8 where !Self.endsOrVoidsLine(byte) { self.writeInteger(byte) }
        } else {
            self.writeString(text)
        }
        self.writeStaticString("\n")
    }

    private static func endsOrVoidsLine(_ byte: UInt8) -> Bool {
        byte == 0x0A || byte == 0x0D || byte == 0
    }

    private mutating func writeDataLines(_ bytes: UnsafeRawBufferPointer) {
        var lineStart = 0
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            guard byte == 0x0A || byte == 0x0D else { continue }
            self.writeDataLine(bytes[lineStart..<index - 1])
            if byte == 0x0D, index < bytes.count, bytes[index] == 0x0A { index += 1 }
            lineStart = index
        }
        self.writeDataLine(bytes[lineStart...])
    }

    private mutating func writeDataLine(_ line: Slice<UnsafeRawBufferPointer>) {
        self.writeStaticString("data: ")
        self.writeBytes(UnsafeRawBufferPointer(rebasing: line))
        self.writeStaticString("\n")
    }
}
