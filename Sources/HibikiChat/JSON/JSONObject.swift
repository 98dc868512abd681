// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
import NIOCore

/// Writes the members of one JSON object, one after the other.
struct JSONObjectWriter: ~Copyable {
    private var buffer: ByteBuffer
    private var isFirst = true

    init(into buffer: ByteBuffer = ByteBuffer()) {
        self.buffer = buffer
        self.buffer.writeStaticString("{")
    }

    /// The object, behind what stood in the buffer.
    consuming func finish() -> ByteBuffer {
        self.buffer.writeStaticString("}")
        return self.buffer
    }

    private mutating func name(_ name: StaticString) {
        self.buffer.writeStaticString(self.isFirst ? "\"" : ",\"")
        self.isFirst = false
        self.buffer.writeStaticString(name)
        self.buffer.writeStaticString("\":")
    }

    mutating func put(_ name: StaticString, _ text: String) {
        self.name(name)
        self.buffer.writeJSONString(text)
    }

    mutating func put(_ name: StaticString, ifAny text: String?) {
        if let text { self.put(name, text) }
    }

    mutating func put(_ name: StaticString, _ number: some FixedWidthInteger) {
        self.name(name)
        self.buffer.writeJSONInteger(number)
    }

    mutating func put(_ name: StaticString, ifAny number: (some FixedWidthInteger)?) {
        if let number { self.put(name, number) }
    }

    mutating func put(_ name: StaticString, _ value: Bool) {
        self.name(name)
        self.buffer.writeJSONBoolean(value)
    }

    /// A flag is written only where it is set.
    mutating func put(_ name: StaticString, ifTrue value: Bool) {
        if value { self.put(name, true) }
    }

    /// A value that writes itself.
    mutating func put(_ name: StaticString, _ value: (inout ByteBuffer) -> Void) {
        self.name(name)
        value(&self.buffer)
    }

    mutating func put<Element>(
        _ name: StaticString, list: some Sequence<Element>, _ write: (Element, inout ByteBuffer) -> Void
    ) {
        self.name(name)
        self.buffer.writeJSONList(list, write)
    }

    mutating func put(_ name: StaticString, texts: some Sequence<String>) {
        self.put(name, list: texts) { $1.writeJSONString($0) }
    }
}

extension ByteBuffer {
    mutating func writeJSONList<Element>(_ list: some Sequence<Element>, _ write: (Element, inout ByteBuffer) -> Void) {
        self.writeStaticString("[")
        var isFirst = true
        for element in list {
            if !isFirst { self.writeStaticString(",") }
            isFirst = false
            write(element, &self)
        }
        self.writeStaticString("]")
    }

    /// Appends one object.
    mutating func writeJSONObject(_ body: (inout JSONObjectWriter) -> Void) {
        var moved = ByteBuffer()
        swap(&moved, &self)
        var object = JSONObjectWriter(into: moved)
        moved = ByteBuffer()
        body(&object)
        self = object.finish()
    }

    /// One object in a buffer of its own.
    static func jsonObject(_ body: (inout JSONObjectWriter) -> Void) -> ByteBuffer {
        var object = JSONObjectWriter()
        body(&object)
        return object.finish()
    }
}
