// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// How a field's value is written. 3 and 4 began and ended groups, which proto3 does not have.
enum ProtobufWireType: UInt8 {
    case varint = 0
    case fixed64 = 1
    case lengthDelimited = 2
    case fixed32 = 5
}

/// What is wrong with a Protocol Buffers message, and at which byte.
struct ProtobufSyntaxError: Error, Equatable {
    var message: String
    var offset: Int
}

/// A cursor over the fields of one Protocol Buffers message, from which it takes places and numbers.
///
/// It goes forward only, allocates nothing, and does not enter the messages in the message. A length is believed only if that many
/// bytes are there.
struct ProtobufReader {
    enum Value: Equatable {
        case varint(UInt64)
        case bytes(Range<Int>)
        /// A number of fixed width, which no message of ours has.
        case fixed
    }

    struct Field: Equatable {
        var number: Int
        var value: Value
        /// Where the field begins.
        var offset: Int
    }

    private let bytes: UnsafeRawBufferPointer
    /// The next byte to be read.
    private(set) var offset: Int
    private let end: Int

    init(_ bytes: UnsafeRawBufferPointer) {
        self.init(bytes, 0..<bytes.count)
    }

    /// A reader of a message that stands inside of `bytes`.
    init(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) {
        let range = range.clamped(to: 0..<bytes.count)
        self.bytes = bytes
        self.offset = range.lowerBound
        self.end = range.upperBound
    }

    /// The next field, or `nil` at the end of the message.
    mutating func next() throws(ProtobufSyntaxError) -> Field? {
        guard self.offset < self.end else { return nil }
        let start = self.offset
        let tag = try self.varint()
        let number = tag >> 3
        guard number > 0, number < 1 << 29, let type = ProtobufWireType(rawValue: UInt8(tag & 7)) else {
            throw ProtobufSyntaxError(message: "expected a field", offset: start)
        }
        return Field(number: Int(number), value: try self.value(type), offset: start)
    }

    private mutating func value(_ type: ProtobufWireType) throws(ProtobufSyntaxError) -> Value {
        switch type {
        case .varint:
            return .varint(try self.varint())
        case .lengthDelimited:
            let length = try self.varint()
            return .bytes(try self.take(length))
        case .fixed64:
            _ = try self.take(8)
            return .fixed
        case .fixed32:
            _ = try self.take(4)
            return .fixed
        }
    }

    private mutating func take(_ length: UInt64) throws(ProtobufSyntaxError) -> Range<Int> {
        guard length <= UInt64(self.end - self.offset) else {
            throw ProtobufSyntaxError(message: "longer than the message", offset: self.offset)
        }
        let start = self.offset
        self.offset += Int(length)
        return start..<self.offset
    }

    /// Seven bits a byte, the lowest first. What does not fit into 64 bits is refused.
    @inline(__always)
    private mutating func varint() throws(ProtobufSyntaxError) -> UInt64 {
        if self.offset < self.end, self.bytes[self.offset] < 0x80 {
            defer { self.offset += 1 }
            return UInt64(self.bytes[self.offset])
        }
        return try self.longVarint()
    }

    private mutating func longVarint() throws(ProtobufSyntaxError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), through: 63, by: 7) {
            guard self.offset < self.end else {
                throw ProtobufSyntaxError(message: "expected more bytes", offset: self.offset)
            }
            let byte = self.bytes[self.offset]
            self.offset += 1
            guard shift < 63 || byte < 2 else { break }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw ProtobufSyntaxError(message: "a number of more than 64 bits", offset: self.offset - 1)
    }
}
