// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore

/// Writes packets as socket.io-msgpack-parser does: each is one binary message that holds a map with `type`, `data`,
/// `id` and `nsp`. There are no attachments.
public struct MessagePackPacketWriter: Hashable, Sendable {
    public init() {}

    /// An event.
    ///
    /// - Parameters:
    ///   - id: asks for an ack.
    ///   - offset: becomes the last argument, for a client that may recover.
    ///   - arguments: writes what comes after the name.
    public func event<Failure: Error>(
        _ name: EventName,
        namespace: String = "/",
        id: UInt64? = nil,
        offset: String? = nil,
        arguments: (inout MessagePackArgumentWriter) throws(Failure) -> Void
    ) throws(Failure) -> EncodedPacket {
        var writer = MessagePackArgumentWriter()
        writer.begin(name: name)
        try arguments(&writer)
        writer.end(offset: offset)
        return self.packet(.event, namespace, id, writer)
    }

    /// The answer to the event that had the same id.
    public func ack<Failure: Error>(
        id: UInt64,
        namespace: String = "/",
        arguments: (inout MessagePackArgumentWriter) throws(Failure) -> Void
    ) throws(Failure) -> EncodedPacket {
        var writer = MessagePackArgumentWriter()
        writer.begin()
        try arguments(&writer)
        writer.end()
        return self.packet(.ack, namespace, id, writer)
    }

    /// What a server says when a socket has joined a namespace.
    ///
    /// - Parameter privateID: given to a client that may recover; nobody else may know it.
    public func connect(namespace: String = "/", sessionID: String, privateID: String? = nil) -> EncodedPacket {
        var data: JSONObject = ["sid": .string(sessionID)]
        data["pid"] = privateID.map(JSON.string)
        return self.packet(.connect, namespace, data)
    }

    public func disconnect(namespace: String = "/") -> EncodedPacket {
        self.packet(.disconnect, namespace, nil)
    }

    /// What a server says when a socket may not join a namespace.
    ///
    /// - Parameter data: more about the reason.
    public func connectError(namespace: String = "/", message: String, data: JSON? = nil) -> EncodedPacket {
        var reason: JSONObject = ["message": .string(message)]
        reason["data"] = data
        return self.packet(.connectError, namespace, reason)
    }

    private func packet(
        _ type: MessagePackPacketType, _ namespace: String, _ data: JSONObject?
    ) -> EncodedPacket {
        var output = ByteBuffer()
        output.writeMessagePackMapHeader(count: data == nil ? 2 : 3)
        output.writeType(type)
        if let data {
            output.writeMessagePackString("data")
            JSON.object(data).writeMessagePack(to: &output)
        }
        output.writeNamespace(namespace)
        return EncodedPacket(.binary(output))
    }

    private func packet(
        _ type: MessagePackPacketType, _ namespace: String, _ id: UInt64?, _ writer: MessagePackArgumentWriter
    ) -> EncodedPacket {
        var output = ByteBuffer()
        output.reserveCapacity(writer.elements.readableBytes + namespace.utf8.count + 48)
        output.writeMessagePackMapHeader(count: id == nil ? 3 : 4)
        output.writeType(type)
        output.writeMessagePackString("data")
        output.writeMessagePackArrayHeader(count: writer.count)
        output.writeImmutableBuffer(writer.elements)
        if let id {
            output.writeMessagePackString("id")
            output.writeMessagePackInteger(id)
        }
        output.writeNamespace(namespace)
        return EncodedPacket(.binary(output))
    }
}

/// The number under `type`. Packets with binary have no types of their own.
enum MessagePackPacketType: Int64 {
    case connect = 0
    case disconnect, event, ack, connectError
}

extension ByteBuffer {
    fileprivate mutating func writeType(_ type: MessagePackPacketType) {
        self.writeMessagePackString("type")
        self.writeMessagePackInteger(type.rawValue)
    }

    fileprivate mutating func writeNamespace(_ namespace: String) {
        self.writeMessagePackString("nsp")
        self.writeMessagePackString(namespace)
    }
}
