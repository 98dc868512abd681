// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

/// Writes the arguments of one event or ack as the elements of a MessagePack array.
public struct MessagePackArgumentWriter: Sendable {
    /// How many elements there are, the name of an event included.
    public private(set) var count = 0
    /// The elements without the header of their array, whose length depends on their number.
    private(set) var elements = ByteBuffer()

    public init() {}

    /// - Parameter name: of an event, its name. `nil` for an ack.
    public mutating func begin(name: EventName? = nil) {
        switch name {
        case .string(let name): self.append(string: name)
        case .number(let digits): self.append(digits: digits)
        case nil: break
        }
    }

    /// - Parameter offset: where the packet stands in the log from which a client recovers; it becomes the last
    ///   element.
    public mutating func end(offset: String? = nil) {
        if let offset { self.append(string: offset) }
    }

    private mutating func append(digits: String) {
        if let integer = Int64(digits) {
            self.append(integer: integer)
        } else if let number = Double(digits) {
            self.append(double: number)
        } else {
            self.append(string: digits)
        }
    }
}

extension MessagePackArgumentWriter: ArgumentWriter {
    public mutating func append(string: String) {
        self.count += 1
        self.elements.writeMessagePackString(string)
    }

    /// Integers that fit neither `Int64` nor `UInt64` are written as the nearest double.
    public mutating func append(integer: some FixedWidthInteger) {
        self.count += 1
        if let integer = Int64(exactly: integer) {
            self.elements.writeMessagePackInteger(integer)
        } else if let integer = UInt64(exactly: integer) {
            self.elements.writeMessagePackInteger(integer)
        } else {
            self.elements.writeMessagePackNumber(Double(integer))
        }
    }

    public mutating func append(double: Double) {
        self.count += 1
        self.elements.writeMessagePackNumber(double)
    }

    public mutating func append(bool: Bool) {
        self.count += 1
        self.elements.writeMessagePackBool(bool)
    }

    public mutating func appendNull() {
        self.count += 1
        self.elements.writeMessagePackNull()
    }

    public mutating func append(binary: ByteBuffer) {
        self.count += 1
        self.elements.writeMessagePackBinary(binary)
    }

    public mutating func append(_ value: JSON) {
        self.count += 1
        value.writeMessagePack(to: &self.elements)
    }

    public mutating func append(_ argument: RawArgument) throws(ArgumentError) {
        switch argument.encoding {
        case .messagePack:
            self.count += 1
            self.elements.writeImmutableBuffer(argument.bytes)
        case .json: self.append(try JSON(argument))
        }
    }
}
