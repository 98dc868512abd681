// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
import NIOCore

/// What the map of a packet says, in whatever order. Of a member that comes twice the last counts.
struct MessagePackPacketMembers {
    private(set) var type: Int64?
    private(set) var namespace: ByteBuffer?
    private(set) var id: UInt64?
    private(set) var payload = MessagePackPayload.absent

    init(reading reader: inout MessagePackReader) throws(MessagePackViolation) {
        guard case .map(let count) = try reader.readToken() else { throw reader.violation("expected a map") }
        for _ in 0..<count {
            switch String(buffer: try reader.readKey()) {
            case "type": self.type = try Self.integer(&reader)
            case "nsp": self.namespace = try Self.string(&reader)
            case "id": self.id = try Self.id(&reader)
            case "data": self.payload = try MessagePackPayload(reading: &reader)
            default: try reader.skipValue()
            }
        }
    }

    private static func integer(_ reader: inout MessagePackReader) throws(MessagePackViolation) -> Int64? {
        switch try reader.readToken() {
        case .integer(let integer): return integer
        case .null, .undefined: return nil
        case .bool, .number, .string, .binary, .date, .array, .map: throw reader.violation("expected an integer")
        }
    }

    private static func id(_ reader: inout MessagePackReader) throws(MessagePackViolation) -> UInt64? {
        guard let integer = try self.integer(&reader) else { return nil }
        guard let id = UInt64(exactly: integer) else { throw reader.violation("expected an id, which has no sign") }
        return id
    }

    private static func string(_ reader: inout MessagePackReader) throws(MessagePackViolation) -> ByteBuffer? {
        switch try reader.readToken() {
        case .string(let text): return text
        case .null, .undefined: return nil
        case .bool, .integer, .number, .binary, .date, .array, .map: throw reader.violation("expected a string")
        }
    }
}

/// The `data` of a packet, taken apart as far as some type of packet may want it.
enum MessagePackPayload {
    case absent
    case object(RawArgument)
    case string(RawArgument)
    case list([RawArgument])
    /// A value that no type of packet may have.
    case other

    init(reading reader: inout MessagePackReader) throws(MessagePackViolation) {
        let start = reader.offset
        var inside = reader
        switch try inside.readToken() {
        case .array(let count):
            try reader.checkDepth(0)
            reader = inside
            self = .list(try Self.elements(count, &reader))
        case .map:
            try reader.skipValue()
            self = reader.argument(from: start).map(MessagePackPayload.object) ?? .other
        case .string:
            reader = inside
            self = reader.argument(from: start).map(MessagePackPayload.string) ?? .other
        case .null, .undefined:
            reader = inside
            self = .absent
        case .bool, .integer, .number, .binary, .date:
            reader = inside
            self = .other
        }
    }

    private static func elements(
        _ count: Int, _ reader: inout MessagePackReader
    ) throws(MessagePackViolation) -> [RawArgument] {
        var elements: [RawArgument] = []
        elements.reserveCapacity(count)
        for _ in 0..<count {
            let start = reader.offset
            try reader.skipValue(depth: 1)
            if let argument = reader.argument(from: start) { elements.append(argument) }
        }
        return elements
    }

    /// `nil` if a packet of that type may not have this payload.
    func kind(as type: MessagePackPacketType) -> SocketPacket.Kind? {
        switch (type, self) {
        case (.connect, .absent): .connect(nil)
        case (.connect, .object(let auth)): .connect(auth)
        case (.disconnect, .absent): .disconnect
        case (.event, .list(let elements)): Self.event(elements)
        case (.ack, .list(let elements)): .ack(elements)
        case (.connectError, .object(let reason)), (.connectError, .string(let reason)): .connectError(reason)
        default: nil
        }
    }

    private static func event(_ elements: [RawArgument]) -> SocketPacket.Kind? {
        elements.first.flatMap { self.name($0) }.map { .event($0, Array(elements.dropFirst())) }
    }

    private static func name(_ element: RawArgument) -> EventName? {
        var reader = MessagePackReader(element.bytes)
        switch try? reader.readToken() {
        case .string(let text)?:
            let name = EventName.string(String(buffer: text))
            return name.isReserved ? nil : name
        case .integer(let integer)?: return .number("\(integer)")
        case .number(let number)? where number.isFinite: return .number(JSON.number(number).description)
        default: return nil
        }
    }
}

extension MessagePackReader {
    /// What was read since then.
    fileprivate func argument(from start: Int) -> RawArgument? {
        self.slice(start..<self.offset).map { RawArgument(.messagePack, bytes: $0) }
    }
}
