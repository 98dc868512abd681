// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
public import NIOCore

extension JSON {
    /// Writes the value as JSON text, byte for byte as `JSON.stringify` would: numbers in their shortest form, so
    /// `1` for `1.0`, and `null` for NaN and the infinities.
    ///
    /// Binary is appended to `attachments`; the text has `{"_placeholder":true,"num":i}` in its place. Objects that
    /// look like placeholders are written as they are: `JSONArgumentWriter` takes care of them.
    public func write(to text: inout ByteBuffer, attachments: inout [ByteBuffer]) {
        var writer = AttachmentWriter(output: text, attachments: attachments)
        // The writer must be the only owner, or its first write would copy everything.
        text = ByteBuffer()
        attachments = []
        self.write(to: &writer)
        text = writer.output
        attachments = writer.attachments
    }

    func write(to writer: inout some JSONTextWriter) {
        switch self {
        case .null: writer.output.writeStaticString("null")
        case .bool(let value): writer.output.writeJSONBoolean(value)
        case .integer(let value): writer.output.writeJSONInteger(value)
        case .number(let value): writer.output.writeJSONDouble(value)
        case .string(let value): writer.output.writeJSONString(value)
        case .array(let elements): Self.write(elements, to: &writer)
        case .object(let members): Self.write(members, to: &writer)
        case .binary(let bytes): writer.writePlaceholder(for: bytes)
        }
    }

    private static func write(_ elements: [JSON], to writer: inout some JSONTextWriter) {
        writer.output.writeInteger(UInt8(ascii: "["))
        var isFirst = true
        for element in elements {
            if !isFirst { writer.output.writeInteger(UInt8(ascii: ",")) }
            isFirst = false
            element.write(to: &writer)
        }
        writer.output.writeInteger(UInt8(ascii: "]"))
    }

    private static func write(_ members: JSONObject, to writer: inout some JSONTextWriter) {
        writer.output.writeInteger(UInt8(ascii: "{"))
        var isFirst = true
        for (name, value) in members {
            if !isFirst { writer.output.writeInteger(UInt8(ascii: ",")) }
            isFirst = false
            writer.output.writeJSONString(name)
            writer.output.writeInteger(UInt8(ascii: ":"))
            value.write(to: &writer)
        }
        writer.output.writeInteger(UInt8(ascii: "}"))
    }
}

extension JSON: CustomStringConvertible {
    /// The value as JSON text, with placeholders for binary.
    public var description: String {
        var writer = AttachmentWriter()
        self.write(to: &writer)
        return String(buffer: writer.output)
    }
}

/// Takes JSON text, and keeps binary beside it.
protocol JSONTextWriter {
    var output: ByteBuffer { get set }

    /// Writes what stands for binary.
    mutating func writePlaceholder(for attachment: ByteBuffer)
}

extension JSONArgumentWriter: JSONTextWriter {}

private struct AttachmentWriter: JSONTextWriter {
    var output = ByteBuffer()
    var attachments: [ByteBuffer] = []

    mutating func writePlaceholder(for attachment: ByteBuffer) {
        self.output.writePlaceholder(self.attachments.count)
        self.attachments.append(attachment)
    }
}
