// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
import NIOCore

/// An object that stands for an attachment: any with `"_placeholder":true`, whatever else is in it.
struct Placeholder: Hashable {
    /// The bytes of the object, counted from the start of the text.
    let range: Range<Int>
    /// What `num` says, unless it is no integer.
    let number: Int?
}

extension ByteBuffer {
    /// - Parameter number: which of the attachments it stands for, from 0.
    mutating func writePlaceholder(_ number: Int) {
        self.writeStaticString(#"{"_placeholder":true,"num":"#)
        self.writeJSONInteger(number)
        self.writeStaticString("}")
    }

    /// The placeholders of one JSON value, in the order of the text; none lies in another.
    func placeholders() throws(JSONSyntaxError) -> [Placeholder] {
        try self.withUnsafeReadableBytes { bytes throws(JSONSyntaxError) in
            var search = PlaceholderSearch(bytes)
            _ = try search.passValue()
            return search.found
        }
    }
}

/// Walks a value by recursion, which the depth that the scanner allows keeps small.
private struct PlaceholderSearch {
    private let bytes: UnsafeRawBufferPointer
    private var scanner: JSONScanner
    private(set) var found: [Placeholder] = []

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        self.scanner = JSONScanner(bytes)
    }

    /// - Returns: the value, unless it is an object or an array.
    mutating func passValue() throws(JSONSyntaxError) -> JSONValue? {
        let start = self.startOfNext()
        switch start < self.bytes.count ? self.bytes[start] : 0 {
        case UInt8(ascii: "{"):
            try self.passObject(from: start)
            return nil
        case UInt8(ascii: "["):
            try self.scanner.enterArray()
            while try self.scanner.nextElement() { _ = try self.passValue() }
            return nil
        default:
            return try self.scanner.readValue()
        }
    }

    private mutating func passObject(from start: Int) throws(JSONSyntaxError) {
        let outside = self.found.count
        // Of a name that comes twice the last one counts, as it does in JavaScript.
        var mark: JSONValue?
        var number: JSONValue?
        try self.scanner.enterObject()
        while let name = try self.scanner.nextMember() {
            switch name {
            case "_placeholder": mark = try self.passValue()
            case "num": number = try self.passValue()
            default: _ = try self.passValue()
            }
        }
        guard mark?.kind == .true else { return }
        self.found.removeSubrange(outside...)
        let integer = number.flatMap { self.scanner.integer(of: $0) }.flatMap { Int(exactly: $0) }
        self.found.append(Placeholder(range: start..<self.scanner.offset, number: integer))
    }

    private func startOfNext() -> Int {
        var offset = self.scanner.offset
        while offset < self.bytes.count, isJSONWhitespace(self.bytes[offset]) { offset += 1 }
        return offset
    }
}

private func isJSONWhitespace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
}
