// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
public import NIOCore

/// A cursor over MessagePack that checks every byte it passes.
///
/// All lengths are checked against what is there before anything is allocated. The elements that arrays and maps
/// have announced, on all levels together, must fit in the bytes that are left: five bytes cannot make anybody
/// reserve room for four thousand million values.
public struct MessagePackReader {
    /// How deep a text may nest; the outermost array or map is the first level.
    public static let maximumDepth = 64

    private let bytes: ByteBuffer
    private let depthLimit: Int
    private var cursor: Int
    /// How many values the open arrays and maps still wait for.
    private var owed = 0

    /// - Parameter depthLimit: levels of nesting, at most and by default 64.
    public init(_ bytes: ByteBuffer, depthLimit: Int = MessagePackReader.maximumDepth) {
        self.bytes = bytes
        self.depthLimit = min(depthLimit, Self.maximumDepth)
        self.cursor = bytes.readerIndex
    }

    /// The next byte to be read, counted from the start of the text.
    public var offset: Int { self.cursor - self.bytes.readerIndex }

    var remaining: Int { self.bytes.writerIndex - self.cursor }

    /// Checks that nothing is left.
    public func finish() throws(MessagePackViolation) {
        guard self.remaining == 0 else { throw self.violation("expected the end") }
    }

    func violation(_ message: String) -> MessagePackViolation {
        MessagePackViolation(message, at: self.offset)
    }

    /// The bytes between two offsets.
    func slice(_ range: Range<Int>) -> ByteBuffer? {
        self.bytes.getSlice(at: self.bytes.readerIndex + range.lowerBound, length: range.count)
    }

    // MARK: Bytes

    mutating func take<T: FixedWidthInteger>(_ type: T.Type) throws(MessagePackViolation) -> T {
        guard let value = self.bytes.getInteger(at: self.cursor, as: type), MemoryLayout<T>.size <= self.remaining
        else {
            throw self.violation("cut short")
        }
        self.cursor += MemoryLayout<T>.size
        return value
    }

    mutating func take(_ length: some FixedWidthInteger) throws(MessagePackViolation) -> ByteBuffer {
        guard let count = Int(exactly: length), 0...self.remaining ~= count,
            let slice = self.bytes.getSlice(at: self.cursor, length: count)
        else { throw self.violation("a length beyond the end") }
        self.cursor += count
        return slice
    }

    private mutating func takeString(_ length: some FixedWidthInteger) throws(MessagePackViolation) -> MessagePackToken
    {
        let text = try self.take(length)
        guard text.isValidUTF8 else { throw self.violation("a string that is not UTF-8") }
        return .string(text)
    }

    private mutating func takeCount(
        _ count: some FixedWidthInteger, valuesEach: Int
    ) throws(MessagePackViolation) -> Int {
        let free = (self.remaining - self.owed) / valuesEach
        guard let count = Int(exactly: count), count <= free else {
            throw self.violation("more elements than bytes are left")
        }
        self.owed += count * valuesEach
        return count
    }
}

// MARK: Tokens

extension MessagePackReader {
    /// Reads the next value, or the beginning of the next array or map.
    public mutating func readToken() throws(MessagePackViolation) -> MessagePackToken {
        let format = try self.take(UInt8.self)
        if self.owed > 0 { self.owed -= 1 }
        switch format {
        case 0x00...0x7F, 0xE0...0xFF: return .integer(Int64(Int8(bitPattern: format)))
        case 0x80...0x8F: return .map(try self.takeCount(format & 0x0F, valuesEach: 2))
        case 0x90...0x9F: return .array(try self.takeCount(format & 0x0F, valuesEach: 1))
        case 0xA0...0xBF: return try self.takeString(format & 0x1F)
        case 0xC0: return .null
        case 0xC2: return .bool(false)
        case 0xC3: return .bool(true)
        case 0xCA...0xD3: return try self.readNumber(format)
        case 0xC7...0xC9, 0xD4...0xD8: return try self.readExtension(format)
        default: return try self.readLong(format)
        }
    }

    /// Values whose length has bytes of its own.
    private mutating func readLong(_ format: UInt8) throws(MessagePackViolation) -> MessagePackToken {
        switch format {
        case 0xC4: return .binary(try self.take(self.take(UInt8.self)))
        case 0xC5: return .binary(try self.take(self.take(UInt16.self)))
        case 0xC6: return .binary(try self.take(self.take(UInt32.self)))
        case 0xD9: return try self.takeString(self.take(UInt8.self))
        case 0xDA: return try self.takeString(self.take(UInt16.self))
        case 0xDB: return try self.takeString(self.take(UInt32.self))
        case 0xDC: return .array(try self.takeCount(self.take(UInt16.self), valuesEach: 1))
        case 0xDD: return .array(try self.takeCount(self.take(UInt32.self), valuesEach: 1))
        case 0xDE: return .map(try self.takeCount(self.take(UInt16.self), valuesEach: 2))
        case 0xDF: return .map(try self.takeCount(self.take(UInt32.self), valuesEach: 2))
        default: throw MessagePackViolation("a byte that begins no value", at: self.offset - 1)
        }
    }

    private mutating func readNumber(_ format: UInt8) throws(MessagePackViolation) -> MessagePackToken {
        switch format {
        case 0xCA: .number(Double(Float(bitPattern: try self.take(UInt32.self))))
        case 0xCB: .number(Double(bitPattern: try self.take(UInt64.self)))
        case 0xCC: .integer(Int64(try self.take(UInt8.self)))
        case 0xCD: .integer(Int64(try self.take(UInt16.self)))
        case 0xCE: .integer(Int64(try self.take(UInt32.self)))
        case 0xCF: Self.token(try self.take(UInt64.self))
        case 0xD0: .integer(Int64(try self.take(Int8.self)))
        case 0xD1: .integer(Int64(try self.take(Int16.self)))
        case 0xD2: .integer(Int64(try self.take(Int32.self)))
        default: .integer(try self.take(Int64.self))
        }
    }

    private static func token(_ integer: UInt64) -> MessagePackToken {
        Int64(exactly: integer).map(MessagePackToken.integer) ?? .number(Double(integer))
    }
}

// MARK: Values

extension MessagePackReader {
    /// Checks the next value and passes it.
    public mutating func skipValue() throws(MessagePackViolation) {
        try self.skipValue(depth: 0)
    }

    /// It calls itself once for each level of nesting, of which there are few.
    ///
    /// - Parameter depth: how many levels are open around the value.
    mutating func skipValue(depth: Int) throws(MessagePackViolation) {
        switch try self.readToken() {
        case .null, .undefined, .bool, .integer, .number, .string, .binary, .date: return
        case .array(let count):
            try self.checkDepth(depth)
            for _ in 0..<count { try self.skipValue(depth: depth + 1) }
        case .map(let count):
            try self.checkDepth(depth)
            for _ in 0..<count {
                _ = try self.readKey()
                try self.skipValue(depth: depth + 1)
            }
        }
    }

    func checkDepth(_ depth: Int) throws(MessagePackViolation) {
        guard depth < self.depthLimit else { throw self.violation("nested deeper than \(self.depthLimit) levels") }
    }

    /// The name of a member: a string, or the digits of an integer.
    mutating func readKey() throws(MessagePackViolation) -> ByteBuffer {
        switch try self.readToken() {
        case .string(let text): return text
        case .integer(let integer): return ByteBuffer(string: "\(integer)")
        case .null, .undefined, .bool, .number, .binary, .date, .array, .map:
            throw self.violation("expected a name")
        }
    }
}
