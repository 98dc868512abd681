// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
import NIOCore

/// Reads one JSON text into values, and puts attachments in the places that are kept for them.
///
/// It calls itself once for each level of nesting, of which the scanner admits 64.
struct JSONTextReader {
    private var scanner: JSONScanner
    private let bytes: UnsafeRawBufferPointer
    private let attachments: [ByteBuffer]

    enum Failure: Error {
        case syntax(JSONSyntaxError)
        /// A placeholder whose number is none, or is that of no attachment.
        case placeholder
    }

    /// - Parameter bytes: must stay valid while the reader is in use.
    init(_ bytes: UnsafeRawBufferPointer, attachments: [ByteBuffer]) {
        self.scanner = JSONScanner(bytes)
        self.bytes = bytes
        self.attachments = attachments
    }

    /// The whole text as one value.
    mutating func read() throws(Failure) -> JSON {
        let value = try self.readValue()
        try self.check { scanner throws(JSONSyntaxError) in try scanner.finish() }
        return value
    }

    /// The whole text as one value, with nothing in it if it is an object or an array.
    mutating func readShallow() throws(Failure) -> JSON {
        let value: JSON =
            switch self.next {
            case UInt8(ascii: "{"): try self.readShallowObject()
            case UInt8(ascii: "["): try self.skip(leaving: .array([]))
            default: try self.readScalar()
            }
        try self.check { scanner throws(JSONSyntaxError) in try scanner.finish() }
        return value
    }

    private mutating func readValue() throws(Failure) -> JSON {
        switch self.next {
        case UInt8(ascii: "{"): try self.readObject()
        case UInt8(ascii: "["): try self.readArray()
        default: try self.readScalar()
        }
    }

    private mutating func readArray() throws(Failure) -> JSON {
        try self.check { scanner throws(JSONSyntaxError) in try scanner.enterArray() }
        var elements: [JSON] = []
        while try self.check({ scanner throws(JSONSyntaxError) in try scanner.nextElement() }) {
            elements.append(try self.readValue())
        }
        return .array(elements)
    }

    private mutating func readObject() throws(Failure) -> JSON {
        try self.check { scanner throws(JSONSyntaxError) in try scanner.enterObject() }
        var members = JSONObject()
        while let name = try self.nextName() {
            members[name] = try self.readValue()
        }
        guard !self.attachments.isEmpty, case .bool(true)? = members["_placeholder"] else { return .object(members) }
        return try self.attachment(members["num"]?.integer)
    }

    private mutating func nextName() throws(Failure) -> String? {
        try self.check { scanner throws(JSONSyntaxError) in try scanner.nextMember()?.string }
    }

    private mutating func readScalar() throws(Failure) -> JSON {
        let bytes = self.bytes
        return try self.check { scanner throws(JSONSyntaxError) in
            let value = try scanner.readValue()
            switch value.kind {
            case .null: return .null
            case .true: return .bool(true)
            case .false: return .bool(false)
            case .string: return .string(scanner.text(of: value).string)
            case .number: return scanner.integer(of: value).map(JSON.integer) ?? .number(double(bytes[value.range]))
            case .object, .array: return .null
            }
        }
    }

    // MARK: Placeholders

    /// Reads no more of an object than whether it stands for an attachment.
    private mutating func readShallowObject() throws(Failure) -> JSON {
        guard !self.attachments.isEmpty else { return try self.skip(leaving: .object([:])) }
        try self.check { scanner throws(JSONSyntaxError) in try scanner.enterObject() }
        var isPlaceholder = false
        var number: Int64?
        while let name = try self.nextName() {
            switch name {
            case "_placeholder":
                let value = try self.check { scanner throws(JSONSyntaxError) in try scanner.readValue() }
                isPlaceholder = value.kind == .true
            case "num": number = try self.readNumber()
            default: try self.check { scanner throws(JSONSyntaxError) in _ = try scanner.readValue() }
            }
        }
        return isPlaceholder ? try self.attachment(number) : .object([:])
    }

    private mutating func readNumber() throws(Failure) -> Int64? {
        switch self.next {
        case UInt8(ascii: "{"), UInt8(ascii: "["): try self.skip(leaving: .null).integer
        default: try self.readScalar().integer
        }
    }

    private func attachment(_ number: Int64?) throws(Failure) -> JSON {
        guard let number, let index = Int(exactly: number), self.attachments.indices.contains(index) else {
            throw .placeholder
        }
        return .binary(self.attachments[index])
    }

    // MARK: The scanner

    /// The first byte of the next value, or `nil` at the end.
    private var next: UInt8? {
        var offset = self.scanner.offset
        while offset < self.bytes.count {
            let byte = self.bytes[offset]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
            offset += 1
        }
        return nil
    }

    private mutating func skip(leaving value: JSON) throws(Failure) -> JSON {
        try self.check { scanner throws(JSONSyntaxError) in _ = try scanner.readValue() }
        return value
    }

    private mutating func check<Result>(
        _ body: (inout JSONScanner) throws(JSONSyntaxError) -> Result
    ) throws(Failure) -> Result {
        do throws(JSONSyntaxError) {
            return try body(&self.scanner)
        } catch {
            throw .syntax(error)
        }
    }
}

/// A number by the grammar of JSON. One that is too great becomes infinite, as in JavaScript.
private func double(_ digits: Slice<UnsafeRawBufferPointer>) -> Double {
    Double(String(decoding: digits, as: UTF8.self)) ?? .nan
}
