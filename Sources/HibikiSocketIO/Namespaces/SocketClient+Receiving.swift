// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiSocketIOCodec
import HibikiWire
package import NIOCore
import Synchronization

extension SocketClient {
    package func received(text: consuming ByteBuffer) {
        guard !self.receivedRepeated(text) else { return }
        // The text of a packet with attachments is kept until they have come.
        if text.announcesAttachments { text = ByteBuffer(bytes: text.readableBytesView) }
        let text = text
        self.received(bytes: text.readableBytes) { state throws(SocketViolation) in
            guard self.writesText else {
                throw SocketViolation(.malformed, "a text, where packets are binary")
            }
            return try state.reader.read(text: text, at: self.server.deadlines.now())
        }
    }

    package func received(binary: ByteBuffer) {
        let limits = self.server.configuration.packetLimits
        let isMessagePack = self.server.configuration.parser == .messagePack
        self.received(bytes: binary.readableBytes) { state throws(SocketViolation) in
            guard !isMessagePack else { return try MessagePackPacketReader(limits: limits).read(binary: binary) }
            let attachment = ByteBuffer(bytes: binary.readableBytesView)
            return try state.reader.read(binary: attachment, at: self.server.deadlines.now())
        }
    }

    /// Takes an event that begins like the one before it, which almost all do, with less ado than other packets.
    ///
    /// - Returns: `false` for all other packets, with which nothing has happened then.
    private func receivedRepeated(_ text: ByteBuffer) -> Bool {
        do throws(SocketViolation) {
            var latest: Socket?
            var verdict = ConnectionBudget.Verdict.granted
            let event = try self.state.withLock { state throws(SocketViolation) -> (EventName, [RawArgument])? in
                guard state.isOpen, self.writesText, let socket = state.latest,
                    let event = try state.reader.readRepeated(text, in: socket.namespace.name)
                else { return nil }
                verdict = self.countEvent(of: text.readableBytes, &state)
                latest = socket
                return event
            }
            guard let (name, arguments) = event, let latest else { return false }
            guard let refusal = verdict.refusal else {
                latest.received(name, Arguments(arguments), id: nil)
                return true
            }
            latest.refused(nil, with: refusal)
            if case .exhausted = verdict { self.shut(with: .forcedServerClose) }
        } catch {
            self.fail(error)
        }
        return true
    }

    private func received(bytes: Int, _ read: (inout State) throws(SocketViolation) -> SocketPacket?) {
        do throws(SocketViolation) {
            var entry: Entry?
            var verdict = ConnectionBudget.Verdict.granted
            guard
                let packet = try self.state.withLock({ state throws(SocketViolation) -> SocketPacket? in
                    guard state.isOpen else { return nil }
                    let packet = try read(&state)
                    verdict = self.count(packet, bytes, &state)
                    guard let packet else { return nil }
                    entry = state.entry(of: self.name(of: packet.namespace))
                    return packet
                })
            else { return self.receivedPart() }
            guard let refusal = verdict.refusal else { return self.received(packet, entry) }
            self.refused(packet, entry, refusal)
            if case .exhausted = verdict { self.shut(with: .forcedServerClose) }
        } catch {
            self.fail(error)
        }
    }

    private func receivedPart() {
        guard let awaited = self.state.withLock({ $0.reader.awaitedNamespace }) else { return }
        // Nobody's attachments are collected before the namespace is joined.
        guard self.isIn(awaited) else { return self.shut(with: .forcedClose) }
        self.connection.deadlineChanged()
    }

    func received(_ packet: SocketPacket, _ entry: Entry?) {
        switch entry {
        case .joined(let socket): self.received(packet, for: socket)
        case .joining: self.shut(with: .forcedClose)
        case nil: self.receivedForNobody(packet)
        }
    }

    private func received(_ packet: SocketPacket, for socket: Socket) {
        switch packet.kind {
        case .event(let name, let arguments):
            socket.received(name, Arguments(arguments), id: packet.id)
        case .ack(let arguments):
            if let id = packet.id { socket.receivedAck(id, Arguments(arguments).detached()) }
        case .disconnect:
            self.remove(socket)
            socket.end(with: .clientNamespaceDisconnect)
        case .nothing: break
        case .connect, .connectError: self.shut(with: .forcedClose)
        }
    }

    private func receivedForNobody(_ packet: SocketPacket) {
        switch packet.kind {
        case .connect(let auth):
            self.join(self.name(of: packet.namespace), auth: self.query(of: packet.namespace) ?? self.auth(auth))
        case .event, .ack, .nothing, .disconnect:
            // It crossed the packet that put the client out. The original ends the whole connection here.
            if !self.wasDropped(from: packet.namespace) { self.shut(with: .forcedClose) }
        case .connectError: self.shut(with: .forcedClose)
        }
    }

    private func isIn(_ namespace: String) -> Bool {
        let name = self.name(of: namespace)
        return self.state.withLock { $0.entries[ExactString(name)] != nil || $0.dropped.contains(ExactString(name)) }
    }

    private func wasDropped(from namespace: String) -> Bool {
        let name = self.name(of: namespace)
        return self.state.withLock { $0.dropped.contains(ExactString(name)) }
    }

    /// In the old version a namespace may have a query.
    func name(of namespace: String) -> String {
        guard self.version == .v3, let mark = namespace.utf8.firstIndex(of: UInt8(ascii: "?")) else { return namespace }
        return String(namespace[..<mark])
    }

    /// The query of a namespace, which in the old version stands for what the client sends as `auth`.
    private func query(of namespace: String) -> JSON? {
        guard self.version == .v3, let mark = namespace.utf8.firstIndex(of: UInt8(ascii: "?")) else { return nil }
        let query = EngineQuery(namespace[namespace.utf8.index(after: mark)...])
        return .object(JSONObject(query.parameters.map { ($0.name, JSON.string($0.value)) }))
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
