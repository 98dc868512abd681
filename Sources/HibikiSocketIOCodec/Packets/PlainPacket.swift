// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

package import HibikiWire

/// An event or an ack without attachments, whose length is known before anything is written, so that it is written once, straight
/// to where it leaves from.
package struct PlainPacket {
    private let type: SocketPacketType
    private let name: EventName?
    /// The bytes of the name in JSON.
    private let nameLength: Int
    private let namespace: String
    private let id: UInt64?
    private let arguments: PlainArguments

    package static func event(
        _ name: EventName, namespace: String, id: UInt64? = nil, _ arguments: PlainArguments
    ) -> PlainPacket {
        PlainPacket(
            type: .event, name: name, nameLength: name.length, namespace: namespace, id: id, arguments: arguments)
    }

    package static func ack(_ id: UInt64, namespace: String, _ arguments: PlainArguments) -> PlainPacket {
        PlainPacket(type: .ack, name: nil, nameLength: 0, namespace: namespace, id: id, arguments: arguments)
    }

    /// The bytes of the text, without the type that Engine.IO puts before it.
    package var length: Int {
        3 + JoinedBytes.lengthOfAddress(self.namespace, self.id) + self.nameLength + self.separators
            + self.arguments.length
    }

    /// Writes ``length`` bytes. The closure writes the arguments, each by a call of its argument.
    package func write(to text: inout JoinedBytes, arguments: (inout PlainArgumentWriter) -> Void) {
        text.append(self.type.rawValue)
        text.append(address: self.namespace, self.id)
        text.append(UInt8(ascii: "["))
        self.name?.write(to: &text, length: self.nameLength)
        var writer = PlainArgumentWriter(text, isAtFirst: self.name == nil)
        arguments(&writer)
        text = writer.text
        text.append(UInt8(ascii: "]"))
    }

    /// The commas between name and arguments.
    private var separators: Int { max(0, self.arguments.count - (self.name == nil ? 1 : 0)) }
}

/// How many arguments there are, and the bytes of all of them as JSON.
package struct PlainArguments {
    fileprivate private(set) var count = 0
    fileprivate private(set) var length = 0

    package init() {}

    package mutating func add(length: Int) {
        self.count += 1
        self.length += length
    }
}

/// Writes arguments whose lengths have been added up before.
package struct PlainArgumentWriter {
    fileprivate var text: JoinedBytes
    private var isAtFirst: Bool

    fileprivate init(_ text: JoinedBytes, isAtFirst: Bool) {
        self.text = text
        self.isAtFirst = isAtFirst
    }

    package mutating func append(string: String) {
        self.separate()
        self.text.append(json: string)
    }

    package mutating func append(integer: Int) {
        self.separate()
        self.text.append(json: integer)
    }

    package mutating func append(bool: Bool) {
        self.separate()
        self.text.append(json: bool)
    }

    /// - Parameter json: one value as JSON text, which is not checked.
    package mutating func append(json: UnsafeRawBufferPointer) {
        self.separate()
        self.text.append(json)
    }

    private mutating func separate() {
        if !self.isAtFirst { self.text.append(UInt8(ascii: ",")) }
        self.isAtFirst = false
    }
}

extension EventName {
    fileprivate var length: Int {
        switch self {
        case .string(let name): name.jsonLength
        case .number(let digits): digits.utf8.count
        }
    }

    fileprivate func write(to text: inout JoinedBytes, length: Int) {
        switch self {
        case .string(let name): text.append(json: name, length: length)
        case .number(let digits): text.append(digits)
        }
    }
}
