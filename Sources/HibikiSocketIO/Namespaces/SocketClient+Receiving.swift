// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

internal import HibikiSocketIOCodec
package import NIOCore
internal import Synchronization

extension SocketClient {
    package func received(text: ByteBuffer) {
        // The text of a packet with attachments is kept until they have come.
        let text = text.announcesAttachments ? ByteBuffer(bytes: text.readableBytesView) : text
        self.received { state throws(SocketViolation) in
            guard self.server.configuration.parser == .json else {
                throw SocketViolation(.malformed, "a text, where packets are binary")
            }
            return try state.reader.read(text: text, at: self.server.deadlines.now())
        }
    }

    package func received(binary: ByteBuffer) {
        let limits = self.server.configuration.packetLimits
        let isMessagePack = self.server.configuration.parser == .messagePack
        self.received { state throws(SocketViolation) in
            guard !isMessagePack else { return try MessagePackPacketReader(limits: limits).read(binary: binary) }
            let attachment = ByteBuffer(bytes: binary.readableBytesView)
            return try state.reader.read(binary: attachment, at: self.server.deadlines.now())
        }
    }

    private func received(_ read: (inout State) throws(SocketViolation) -> SocketPacket?) {
        do throws(SocketViolation) {
            let packet = try self.state.withLock { state throws(SocketViolation) -> SocketPacket? in
                guard state.isOpen else { return nil }
                return try read(&state)
            }
            if let packet {
                self.received(packet)
            } else if let awaited = self.state.withLock({ $0.reader.awaitedNamespace }), !self.isIn(awaited) {
                // Nobody's attachments are collected before the namespace is joined.
                self.shut(with: .forcedClose)
            }
        } catch {
            self.fail(error)
        }
    }

    private func received(_ packet: SocketPacket) {
        let (name, query) = self.name(of: packet.namespace)
        let (entry, wasDropped) = self.state.withLock { ($0.entries[name], $0.dropped.contains(name)) }
        switch (entry, packet.kind) {
        case (nil, .connect(let auth)):
            self.join(name, auth: query ?? self.auth(auth))
        case (.joined(let socket), .event(let name, let arguments)):
            socket.received(name, Arguments(arguments), id: packet.id)
        case (.joined(let socket), .ack(let arguments)):
            if let id = packet.id { socket.receivedAck(id, Arguments(arguments).detached()) }
        case (.joined(let socket), .disconnect):
            self.remove(socket)
            socket.end(with: .clientNamespaceDisconnect)
        case (.joined, .nothing): break
        case (nil, .event), (nil, .ack), (nil, .nothing), (nil, .disconnect):
            // It crossed the packet that put the client out. The original ends the whole connection here.
            if !wasDropped { self.shut(with: .forcedClose) }
        case (nil, .connectError), (.joining, _), (.joined, .connect), (.joined, .connectError):
            self.shut(with: .forcedClose)
        }
    }

    private func isIn(_ namespace: String) -> Bool {
        let (name, _) = self.name(of: namespace)
        return self.state.withLock { $0.entries[name] != nil || $0.dropped.contains(name) }
    }

    /// In the old version a namespace may have a query, which stands for what the client sends as `auth`.
    private func name(of namespace: String) -> (name: String, query: JSON?) {
        guard self.version == .v3, let mark = namespace.utf8.firstIndex(of: UInt8(ascii: "?")) else {
            return (namespace, nil)
        }
        let query = EngineQuery(namespace[namespace.utf8.index(after: mark)...])
        let members = query.parameters.map { ($0.name, JSON.string($0.value)) }
        return (String(namespace[..<mark]), .object(JSONObject(members)))
    }

    /// What a client sends as `auth`. The reader has checked it.
    private func auth(_ argument: RawArgument?) -> JSON {
        guard let argument else { return .object([:]) }
        return (try? JSON(argument, at: .auth)) ?? .null
    }
}

extension ByteBuffer {
    /// Whether it begins like a packet that has attachments.
    fileprivate var announcesAttachments: Bool {
        let type = self.getInteger(at: self.readerIndex, as: UInt8.self)
        return type == UInt8(ascii: "5") || type == UInt8(ascii: "6")
    }
}
