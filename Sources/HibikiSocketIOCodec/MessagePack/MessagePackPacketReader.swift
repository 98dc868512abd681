// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

/// Reads packets as socket.io-msgpack-parser writes them: each is one binary message that holds a map with `type`,
/// `data`, `id` and `nsp`. Other members are ignored; a member that is `undefined` or null is absent.
public struct MessagePackPacketReader: Hashable, Sendable {
    /// Those on attachments do not apply: there are none.
    public let limits: SocketPacketLimits

    public init(limits: SocketPacketLimits = SocketPacketLimits()) {
        self.limits = limits
    }

    /// Reads a binary message. The arguments are slices of it and keep its memory alive.
    public func read(binary: ByteBuffer) throws(SocketViolation) -> SocketPacket {
        guard binary.readableBytes <= self.limits.bytes else {
            throw SocketViolation(.tooLarge, "a packet of more than \(self.limits.bytes) bytes")
        }
        let members = try self.members(of: binary)
        guard let type = members.type.flatMap(MessagePackPacketType.init(rawValue:)) else {
            throw SocketViolation(.malformed, "expected the type of a packet")
        }
        guard members.id == nil || type == .event || type == .ack else {
            throw SocketViolation(.malformed, "only an event or an ack may have an id")
        }
        guard let kind = members.payload.kind(as: type) else {
            throw SocketViolation(.malformed, "the payload does not suit the type of the packet")
        }
        return SocketPacket(namespace: try self.namespace(members.namespace), id: members.id, kind)
    }

    private func members(of binary: ByteBuffer) throws(SocketViolation) -> MessagePackPacketMembers {
        do throws(MessagePackViolation) {
            var reader = MessagePackReader(binary, depthLimit: self.limits.depth)
            let members = try MessagePackPacketMembers(reading: &reader)
            try reader.finish()
            return members
        } catch {
            throw SocketViolation(.malformed, "\(error.message) at byte \(error.offset)")
        }
    }

    private func namespace(_ name: ByteBuffer?) throws(SocketViolation) -> String {
        guard let name, name.getInteger(at: name.readerIndex) == UInt8(ascii: "/") else {
            throw SocketViolation(.malformed, "expected a namespace")
        }
        guard name.readableBytes <= self.limits.namespaceBytes else {
            throw SocketViolation(.tooLarge, "a namespace of more than \(self.limits.namespaceBytes) bytes")
        }
        return String(buffer: name)
    }
}
