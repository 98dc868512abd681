// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

/// Writes the arguments of an event or an ack, one after the other, in one of the encodings.
public protocol ArgumentWriter {
    mutating func append(string: String)
    mutating func append(integer: some FixedWidthInteger)
    mutating func append(double: Double)
    mutating func append(bool: Bool)
    mutating func appendNull()
    mutating func append(binary: ByteBuffer)
    mutating func append(_ value: JSON)

    /// Passes on an argument that was received: its bytes are spliced if the encoding is the same, and converted
    /// otherwise.
    ///
    /// - Throws: if it must be converted and cannot be read. Nothing is written then.
    mutating func append(_ argument: RawArgument) throws(ArgumentError)
}

extension JSONArgumentWriter: ArgumentWriter {
    public mutating func append(_ value: JSON) {
        self.beginElement()
        value.write(to: &self)
    }

    public mutating func append(_ argument: RawArgument) throws(ArgumentError) {
        guard !self.append(raw: argument) else { return }
        self.append(try JSON(argument))
    }
}

extension ArgumentEncoder {
    /// Writes an argument. Plain types go straight to the bytes, others by way of a `JSON`.
    ///
    /// - Throws: as `encode(_:)` does. Nothing is written then.
    public func append<T: Encodable>(_ value: T, to writer: inout some ArgumentWriter) throws {
        switch value {
        case let value as String: writer.append(string: value)
        case let value as Int: writer.append(integer: value)
        case let value as Double: writer.append(double: value)
        case let value as Bool: writer.append(bool: value)
        case let value as ByteBuffer: writer.append(binary: value)
        case let value as JSON: writer.append(value)
        case let value as RawArgument: try writer.append(value)
        default: writer.append(try self.encode(value))
        }
    }
}
