// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

/// Reads the packets of one connection from the messages of Engine.IO, in the JSON encoding.
///
/// A packet with attachments is one text and so many binary messages after it, with nothing in between, whatever
/// their namespaces. After a violation nothing is kept; the connection is expected to end.
public struct SocketPacketReader: Sendable {
    public let limits: SocketPacketLimits
    private var pending: PendingSocketPacket?
    /// Of the latest event that wants no ack and has no attachments.
    private var beginning = PacketBeginning()

    public init(limits: SocketPacketLimits = SocketPacketLimits()) {
        self.limits = limits
    }

    /// The namespace of a packet whose attachments have not all come.
    public var awaitedNamespace: String? { self.pending?.namespace }

    /// When the attachments that are due must have come; `nil` while none is due.
    public var deadline: NIODeadline? { self.pending?.deadline }

    /// Reads a text message, which must be UTF-8, without the type that Engine.IO puts before it.
    ///
    /// The arguments are slices of `text` and keep its memory alive.
    ///
    /// - Parameter now: asked only if the packet has attachments.
    /// - Returns: the packet, or `nil` while attachments of it are due.
    public mutating func read(
        text: ByteBuffer, at now: @autoclosure () -> NIODeadline
    ) throws(SocketViolation) -> SocketPacket? {
        guard self.pending.take() == nil else {
            throw SocketViolation(.outOfOrder, "a text came while an attachment was due")
        }
        guard text.readableBytes <= self.limits.bytes else { throw self.tooManyBytes }
        let (type, attachmentCount, packet) = try self.parse(text)
        guard type.hasAttachments else { return packet }
        let pending = PendingSocketPacket(
            packet,
            attachmentCount: attachmentCount,
            byteBudget: self.limits.bytes - text.readableBytes,
            deadline: now() + self.limits.completionTime
        )
        guard pending.isComplete else {
            self.pending = pending
            return nil
        }
        return try pending.completed()
    }

    /// Reads a binary message, which must be an attachment that is due.
    ///
    /// - Returns: the packet that it completes, or `nil` while more are due.
    public mutating func read(binary: ByteBuffer, at now: NIODeadline) throws(SocketViolation) -> SocketPacket? {
        guard var pending = self.pending.take() else {
            throw SocketViolation(.outOfOrder, "a binary message came while no attachment was due")
        }
        guard now < pending.deadline else { throw self.late }
        guard pending.add(binary) else { throw self.tooManyBytes }
        guard pending.isComplete else {
            self.pending = pending
            return nil
        }
        return try pending.completed()
    }

    /// To be called when the deadline passes; throws if attachments are still due.
    public mutating func checkDeadline(at now: NIODeadline) throws(SocketViolation) {
        guard let deadline = self.deadline, now >= deadline else { return }
        self.pending = nil
        throw self.late
    }

    /// Reads a text message if it is an event of that namespace that begins like the one before.
    ///
    /// - Returns: `nil` for all else, of which nothing has been read then.
    package mutating func readRepeated(
        _ text: ByteBuffer, in namespace: String
    ) throws(SocketViolation) -> (name: EventName, arguments: [RawArgument])? {
        guard self.beginning.namespace == namespace, self.pending == nil, text.readableBytes <= self.limits.bytes else {
            return nil
        }
        let read = try text.withUnsafeReadableBytes { bytes throws(SocketViolation) -> [RawArgument]? in
            guard self.beginning.isBeginning(of: bytes) else { return nil }
            return try SocketPayload(bytes, from: self.beginning.length, limits: self.limits).readArguments(of: text)
        }
        guard let arguments = read else { return nil }
        return (self.beginning.name, arguments)
    }

    private mutating func parse(_ text: ByteBuffer) throws(SocketViolation) -> (SocketPacketType, Int, SocketPacket) {
        if let event = try self.readRepeated(text, in: self.beginning.namespace) {
            let packet = SocketPacket(namespace: self.beginning.namespace, .event(event.name, event.arguments))
            return (.event, 0, packet)
        }
        return try text.withUnsafeReadableBytes { bytes throws(SocketViolation) in
            let header = try SocketPacketHeader(parsing: bytes, limits: self.limits)
            var payload = SocketPayload(bytes, from: header.payloadOffset, limits: self.limits)
            let kind = try payload.read(as: header.type, of: text)
            if header.type == .event, header.id == nil, case .event(let name, _) = kind {
                self.beginning.remember(bytes, header, name, until: payload.nameEnd)
            }
            let packet = SocketPacket(namespace: header.namespace, id: header.id, kind)
            return (header.type, header.attachmentCount, packet)
        }
    }

    private var late: SocketViolation {
        SocketViolation(.late, "the attachments of a packet did not come in time")
    }

    private var tooManyBytes: SocketViolation {
        SocketViolation(.tooLarge, "a packet of more than \(self.limits.bytes) bytes")
    }
}
