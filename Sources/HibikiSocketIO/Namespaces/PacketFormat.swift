// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import NIOCore

/// Writes packets in the encoding that the server was configured with.
struct PacketFormat: Sendable {
    let parser: SocketIOServer.Configuration.Parser

    func event(
        _ name: EventName, namespace: String, id: UInt64? = nil, arguments: some WritableArguments
    ) throws -> EncodedPacket {
        switch self.parser {
        case .json:
            try SocketPacketWriter().event(name, namespace: namespace, id: id) { try arguments.write(to: &$0) }
        case .messagePack:
            try MessagePackPacketWriter().event(name, namespace: namespace, id: id) { try arguments.write(to: &$0) }
        }
    }

    func ack(_ id: UInt64, namespace: String, arguments: some WritableArguments) throws -> EncodedPacket {
        switch self.parser {
        case .json: try SocketPacketWriter().ack(id: id, namespace: namespace) { try arguments.write(to: &$0) }
        case .messagePack:
            try MessagePackPacketWriter().ack(id: id, namespace: namespace) { try arguments.write(to: &$0) }
        }
    }

    /// - Parameter version: clients of the old version know their ids already, and are sent none.
    func connect(namespace: String, id: String, privateID: String?, version: EngineVersion) -> EncodedPacket {
        switch (version, self.parser) {
        case (.v3, _): EncodedPacket(.text(ByteBuffer(string: namespace == "/" ? "0" : "0\(namespace)")))
        case (.v4, .json): SocketPacketWriter().connect(namespace: namespace, sessionID: id, privateID: privateID)
        case (.v4, .messagePack):
            MessagePackPacketWriter().connect(namespace: namespace, sessionID: id, privateID: privateID)
        }
    }

    func disconnect(namespace: String) -> EncodedPacket {
        switch self.parser {
        case .json: SocketPacketWriter().disconnect(namespace: namespace)
        case .messagePack: MessagePackPacketWriter().disconnect(namespace: namespace)
        }
    }

    func connectError(namespace: String, _ error: any Error, version: EngineVersion) -> EncodedPacket {
        switch (version, self.parser) {
        case (.v3, _): self.oldConnectError(namespace: namespace, error)
        case (.v4, .json):
            SocketPacketWriter().connectError(
                namespace: namespace, message: error.clientMessage, data: error.clientData.map(Self.text))
        case (.v4, .messagePack):
            MessagePackPacketWriter()
                .connectError(namespace: namespace, message: error.clientMessage, data: error.clientData)
        }
    }

    /// One value: the data, or the message if there is none.
    private func oldConnectError(namespace: String, _ error: any Error) -> EncodedPacket {
        var text = ByteBuffer(string: namespace == "/" ? "4" : "4\(namespace),")
        text.writeImmutableBuffer(Self.text(error.clientData ?? .string(error.clientMessage)))
        return EncodedPacket(.text(text))
    }

    /// The value as JSON text. An error has no attachments: binary becomes a placeholder that nobody reads.
    private static func text(_ value: JSON) -> ByteBuffer {
        var text = ByteBuffer()
        var attachments: [ByteBuffer] = []
        value.write(to: &text, attachments: &attachments)
        return text
    }

    /// The event in a packet that this server has written, for those who watch what goes out.
    func readEvent(_ packet: EncodedPacket) -> (name: EventName, arguments: Arguments)? {
        guard let read = try? self.read(packet), case .event(let name, let arguments) = read.kind else { return nil }
        return (name, Arguments(arguments))
    }

    func readAck(_ packet: EncodedPacket) -> Arguments? {
        guard let read = try? self.read(packet), case .ack(let arguments) = read.kind else { return nil }
        return Arguments(arguments)
    }

    /// The same event with one more argument.
    func appending(_ offset: String, to packet: EncodedPacket) -> EncodedPacket {
        guard let read = try? self.read(packet), case .event(let name, let arguments) = read.kind else { return packet }
        let longer = try? MessagePackPacketWriter()
            .event(name, namespace: read.namespace, id: read.id, offset: offset) { writer in
                for argument in arguments { try writer.append(argument) }
            }
        return longer ?? packet
    }

    private func read(_ packet: EncodedPacket) throws(SocketViolation) -> SocketPacket? {
        let limits = SocketPacketLimits(attachments: .max, bytes: .max, namespaceBytes: .max)
        switch packet.first {
        case .binary(let bytes): return try MessagePackPacketReader(limits: limits).read(binary: bytes)
        case .text(let text):
            var reader = SocketPacketReader(limits: limits)
            let now = NIODeadline.uptimeNanoseconds(0)
            var read = try reader.read(text: text, at: now)
            for attachment in packet.attachments { read = try reader.read(binary: attachment, at: now) }
            return read
        }
    }
}
