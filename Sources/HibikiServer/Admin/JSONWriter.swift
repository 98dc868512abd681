// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HTTPTypes
import HibikiWire
import Hummingbird
import NIOCore

/// Writes one JSON text, and knows where commas belong.
struct JSONWriter {
    private(set) var bytes = ByteBuffer()
    private var isAtFirst = true

    static func bytes(_ write: (inout JSONWriter) -> Void) -> ByteBuffer {
        var writer = JSONWriter()
        write(&writer)
        return writer.bytes
    }

    static func response(_ write: (inout JSONWriter) -> Void) -> Response {
        Response(
            status: .ok, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: Self.bytes(write)))
    }

    mutating func object(_ body: (inout JSONWriter) -> Void) {
        self.enclosed("{", "}", body)
    }

    mutating func array<Item>(_ items: some Sequence<Item>, _ body: (inout JSONWriter, Item) -> Void) {
        self.enclosed("[", "]") { writer in
            for item in items {
                writer.comma()
                body(&writer, item)
                writer.isAtFirst = false
            }
        }
    }

    private mutating func enclosed(_ opening: StaticString, _ closing: StaticString, _ body: (inout JSONWriter) -> Void)
    {
        self.bytes.writeStaticString(opening)
        self.isAtFirst = true
        body(&self)
        self.bytes.writeStaticString(closing)
        self.isAtFirst = false
    }

    private mutating func comma() {
        if !self.isAtFirst { self.bytes.writeStaticString(",") }
    }

    // MARK: Members

    mutating func member(_ name: String, _ write: (inout JSONWriter) -> Void) {
        self.comma()
        self.bytes.writeJSONString(name)
        self.bytes.writeStaticString(":")
        write(&self)
        self.isAtFirst = false
    }

    mutating func member(_ name: String, _ value: some FixedWidthInteger) {
        self.member(name) { $0.bytes.writeJSONInteger(value) }
    }

    mutating func member(_ name: String, _ value: Bool) {
        self.member(name) { $0.bytes.writeJSONBoolean(value) }
    }

    mutating func member(_ name: String, _ value: Double) {
        self.member(name) { $0.bytes.writeString(value.isFinite ? "\(value)" : "null") }
    }

    /// Nothing for `nil`.
    mutating func member(_ name: String, _ value: String?) {
        guard let value else { return }
        self.member(name) { $0.bytes.writeJSONString(value) }
    }

    /// A text that is JSON already.
    mutating func member(_ name: String, json: ByteBuffer) {
        self.member(name) { $0.raw(json) }
    }

    // MARK: Values

    mutating func raw(_ json: ByteBuffer) {
        self.bytes.writeImmutableBuffer(json)
    }

    mutating func string(_ value: String) {
        self.bytes.writeJSONString(value)
    }
}
