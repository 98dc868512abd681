// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiSocketIOCodec
import NIOCore
import Synchronization

extension Socket {
    /// Sends an event to this client.
    ///
    /// Arguments are any `Encodable`; `ByteBuffer` and `Data` travel as binary at any depth. An event that cannot be
    /// written, or that has a reserved name, is dropped, and ``SocketIOServer/onEncodingError(_:)`` is told. After the
    /// end of the socket nothing happens.
    public func emit<each Argument: Encodable & Sendable>(_ event: String, _ arguments: repeat each Argument) {
        self.emit(.string(event), ArgumentList(repeat each arguments), EmitFlags())
    }

    /// Passes arguments on as they came.
    public func emit(_ event: String, _ arguments: Arguments) {
        self.emit(.string(event), arguments, EmitFlags())
    }

    public func emit(_ event: EventName, _ arguments: Arguments) {
        self.emit(event, arguments, EmitFlags())
    }

    /// Sends the event `message`.
    public func send<each Argument: Encodable & Sendable>(_ arguments: repeat each Argument) {
        self.emit("message", repeat each arguments)
    }

    /// Sends an event and waits for its ack, whose first argument is the result.
    ///
    /// - Throws: ``EmitError/disconnected`` if the socket ends meanwhile, `ArgumentError` if the answer is no `Answer`,
    ///   and `CancellationError`. It waits without end; ``timeout(_:)`` limits that.
    public func emitWithAck<each Argument: Encodable & Sendable, Answer: Decodable>(
        _ event: String, _ arguments: repeat each Argument, as type: Answer.Type
    ) async throws -> Answer {
        try await self.request(.string(event), ArgumentList(repeat each arguments), EmitFlags()).decode(type, at: 0)
    }

    /// The same, with all arguments of the ack.
    public func emitWithAck<each Argument: Encodable & Sendable>(
        _ event: String, _ arguments: repeat each Argument
    ) async throws -> Arguments {
        try await self.request(.string(event), ArgumentList(repeat each arguments), EmitFlags())
    }

    // MARK: Underneath

    func emit(_ name: EventName, _ arguments: some WritableArguments & Sendable, _ flags: EmitFlags, id: UInt64? = nil)
    {
        guard !name.isReserved else {
            return self.namespace.server.report(.reservedName(name.text), encoding: name.text)
        }
        if let place = self.openPlace {
            return self.emit(name, arguments, flags, id, to: place)
        }
        if !self.keep({ $0.emit(name, arguments, flags, id: id) }), let place = self.openPlace {
            self.emit(name, arguments, flags, id, to: place)
        }
    }

    /// Where emits go, if the client is there.
    private var openPlace: Place? {
        self.state.withLock { $0.phase == .connected ? $0.place : nil }
    }

    private func emit(
        _ name: EventName, _ arguments: some WritableArguments & Sendable, _ flags: EmitFlags, _ id: UInt64?,
        to place: Place
    ) {
        let isVolatile = flags.isVolatile
        let takesOffset = id == nil && !isVolatile
        let isDirect = place.rooms.isDirect(place.seat, takesOffset: takesOffset)
        if isDirect, !self.isWatched.load(ordering: .acquiring), self.client.writesText, let plain = arguments.plain {
            let packet = PlainPacket.event(name, namespace: self.namespace.name, id: id, plain)
            self.client.connection.sendText(
                packet.length, isVolatile: isVolatile, isCompressible: flags.isCompressible
            ) { text in packet.write(to: &text) { arguments.writePlain(to: &$0) } }
            return
        }
        guard let packet = self.namespace.packet(name, id: id, arguments) else { return }
        if isDirect {
            self.tellOutgoing(packet)
            self.client.connection.send(
                EngineMessage(packet, isCompressible: flags.isCompressible), isVolatile: isVolatile)
        } else {
            place.rooms.send(
                packet, to: place.seat, isVolatile: isVolatile, isCompressible: flags.isCompressible,
                takesOffset: takesOffset)
        }
    }

    /// Keeps what is to be done once the client has been told that it is in.
    ///
    /// - Returns: `false` if it has been told meanwhile.
    private func keep(_ early: @escaping @Sendable (Socket) -> Void) -> Bool {
        self.state.withLock { state in
            guard state.phase == .joining else { return false }
            if state.earlyEmits.count < self.namespace.server.configuration.earlyEmits {
                state.earlyEmits.append(early)
            }
            return true
        }
    }

    /// Answers an event. It comes after everything that was emitted before.
    func sendAck(_ id: UInt64, _ arguments: some WritableArguments) {
        guard let place = self.openPlace else { return }
        let isDirect = place.rooms.isDirect(place.seat, takesOffset: false)
        if isDirect, self.client.writesText, let plain = arguments.plain {
            let packet = PlainPacket.ack(id, namespace: self.namespace.name, plain)
            self.client.connection.sendText(packet.length, isVolatile: false, isCompressible: true) { text in
                packet.write(to: &text) { arguments.writePlain(to: &$0) }
            }
            return
        }
        guard let packet = self.ackPacket(id, arguments) else { return }
        if isDirect {
            self.client.connection.send(EngineMessage(packet), isVolatile: false)
        } else {
            place.rooms.send(packet, to: place.seat, takesOffset: false)
        }
    }

    private func ackPacket(_ id: UInt64, _ arguments: some WritableArguments) -> EncodedPacket? {
        let format = self.namespace.server.format
        do {
            return try format.ack(id, namespace: self.namespace.name, arguments: arguments)
        } catch {
            self.namespace.server.report(.unwritable("\(error)"), encoding: "ack")
            let answer = ArgumentList(EmitError.unwritable("").ackValue)
            return try? format.ack(id, namespace: self.namespace.name, arguments: answer)
        }
    }
}
