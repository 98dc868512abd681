// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

package import HibikiMessaging
package import HibikiWebSocketCodec
package import HibikiWire
package import NIOCore

/// A connection that speaks WebSocket: bytes to events and back, pings, and the closing handshake.
package final class WebSocketDriver: ConnectionRole {
    /// How long an application that keeps the connection alive itself is left alone.
    private static let patience = TimeAmount.hours(1)

    private enum Heartbeat { case waiting, pinged, answered }

    var kind: ConnectionKind? { .webSocket }

    package let connection: Connection
    private let configuration: TransportConfiguration.WebSocket
    private let application: any WebSocketApplication
    private var reader: WebSocketReader
    private var closing = ClosingHandshake(role: .server)
    private var heartbeat = Heartbeat.waiting
    /// With what the server has begun to close, for the count.
    private var closeCode: WebSocketCloseCode?
    /// With context takeover only; otherwise the loop's pool compresses.
    private let inflater: InflateStream?
    private let deflater: DeflateStream?

    init(
        connection: Connection, configuration: TransportConfiguration.WebSocket,
        agreement: PermessageDeflate.Agreement?, application: any WebSocketApplication
    ) {
        self.connection = connection
        self.configuration = configuration
        self.application = application
        self.reader = WebSocketReader(role: .server, limits: configuration.limits, compression: agreement)
        self.inflater = agreement.flatMap { agreement in
            agreement.keepsContext(of: .client) ? InflateStream(windowBits: agreement.windowBits(of: .client)) : nil
        }
        self.deflater = agreement.flatMap { agreement in
            guard agreement.keepsContext(of: .server), let compression = configuration.compression else { return nil }
            return DeflateStream(
                windowBits: agreement.windowBits(of: .server), level: compression.level,
                memoryLevel: compression.memoryLevel
            )
        }
    }

    /// What was agreed on about compression.
    package var agreement: PermessageDeflate.Agreement? { self.reader.compression }

    package var isOpen: Bool { self.closing.isOpen && !self.connection.isClosing }

    func start() {
        let quiet = self.configuration.sendsPings ? self.configuration.pingInterval : Self.patience
        self.connection.setDeadline(after: quiet)
        self.application.opened(self)
    }

    // MARK: Receiving

    package func receive(_ input: inout ByteBuffer, on connection: Connection) {
        self.heartbeat = self.heartbeat == .pinged ? .answered : self.heartbeat
        do throws(ProtocolViolation) {
            while connection.isWritable && self.application.isReady || !self.closing.isOpen,
                let event = try self.reader.next(&input, deflate: connection.loop.deflate, inflater: self.inflater)
            {
                self.handle(event)
            }
        } catch {
            self.fail(error)
        }
    }

    private func handle(_ event: consuming WebSocketEvent) {
        self.connection.loop.counters.received.count(event)
        switch consume event {
        case .text(let text):
            self.connection.life.messagesIn &+= 1
            if self.isOpen { self.application.received(text: text) }
        case .binary(let bytes):
            self.connection.life.messagesIn &+= 1
            if self.isOpen { self.application.received(binary: bytes) }
        case .ping(let payload):
            if self.isOpen, self.application.answersPing(of: payload.readableBytes) {
                self.write(.pong) { $0.writeWebSocketFrame(.pong, payload: payload) }
            }
        case .pong:
            break
        case .close(let frame):
            self.peerCloses(frame)
        }
    }

    // MARK: Sending

    /// Sends a text message that `body` writes. It is compressed if that was agreed on and it is worth it.
    package func send(_ opcode: WebSocketOpcode = .text, _ body: (inout ByteBuffer) -> Void) {
        guard self.isOpen else { return }
        guard self.agreement != nil else {
            self.write(opcode) { $0.writeWebSocketFrame(opcode, body) }
            return
        }
        var payload = ByteBuffer()
        body(&payload)
        self.send(opcode, payload: payload)
    }

    /// The same for a message of `length` bytes.
    package func send(_ opcode: WebSocketOpcode, _ length: Int, _ body: (inout JoinedBytes) -> Void) {
        guard self.isOpen else { return }
        guard self.agreement != nil else {
            self.write(opcode) {
                $0.writeWebSocketFrameHeader(opcode, payloadLength: length)
                $0.writeJoined(length, body)
            }
            return
        }
        var payload = ByteBuffer()
        payload.writeJoined(length, body)
        self.send(opcode, payload: payload)
    }

    /// Sends a message that is there already.
    package func send(_ opcode: WebSocketOpcode, payload: ByteBuffer) {
        guard self.isOpen else { return }
        let compressed = self.compress(payload)
        self.write(opcode) {
            $0.writeWebSocketFrame(opcode, compressed: compressed != nil, payload: compressed ?? payload)
        }
    }

    private func write(_ opcode: WebSocketOpcode, _ append: (inout ByteBuffer) -> Void) {
        self.connection.loop.counters.sent.count(opcode)
        if !opcode.isControl { self.connection.life.messagesOut &+= 1 }
        self.connection.write(append)
    }

    /// Sends frames that others get too. The caller has it flushed.
    ///
    /// - Parameter count: how many messages they are, all of the kind of the first.
    package func send(sharedFrames frames: ByteBuffer, count: Int) {
        guard self.isOpen else { return }
        let first = frames.getInteger(at: frames.readerIndex, as: UInt8.self) ?? 0
        self.connection.loop.counters.sent.count(WebSocketOpcode(rawValue: first & 0x0F), count)
        self.connection.life.messagesOut &+= UInt64(count)
        // What was compressed for all refers to nothing that was sent before, but later messages must not refer past it.
        self.deflater?.reset()
        self.connection.write(shared: frames)
    }

    private func compress(_ payload: ByteBuffer) -> ByteBuffer? {
        guard let agreement = self.agreement, let configuration = self.configuration.compression,
            payload.readableBytes >= configuration.threshold
        else { return nil }
        if let deflater = self.deflater {
            return deflater.deflate(payload)
        }
        return self.connection.loop.deflate.deflate(payload, windowBits: agreement.windowBits(of: .server))
    }

    // MARK: Closing

    /// Begins the closing handshake. A code that must not travel (1005) makes a close frame without one.
    package func close(_ reason: CloseReason) {
        let frame = WebSocketCloseFrame(code: reason.code, reason: reason.reason)
        if self.closing.isOpen {
            self.closeCode = reason.code
            self.connection.life.ends(by: .server)
        }
        switch self.closing.start(frame, at: .now(), limit: self.configuration.closeTimeout) {
        case .send(let frame):
            self.write(.close) { $0.writeWebSocketClose(frame) }
            self.connection.setDeadline(after: self.configuration.closeTimeout)
        case .ignore:
            break
        }
    }

    private func peerCloses(_ frame: WebSocketCloseFrame) {
        switch self.closing.received(frame, at: .now(), limit: self.configuration.closeTimeout) {
        case .echoAndCloseTransport(let echo), .echo(let echo):
            self.connection.life.ends(by: .client)
            self.write(.close) { $0.writeWebSocketClose(echo) }
            self.connection.closeAfterFlush()
        case .closeTransport:
            self.connection.closeAfterFlush()
        case .ignore:
            break
        }
    }

    private func fail(_ violation: ProtocolViolation) {
        self.application.failed(violation)
        if self.closing.isOpen { self.closeCode = violation.code }
        switch self.closing.failed(violation, at: .now(), limit: self.configuration.closeTimeout) {
        case .sendAndEndTransport(let frame):
            self.write(.close) { $0.writeWebSocketClose(frame) }
            self.connection.closeGracefully()
        case .closeTransport:
            self.connection.closeGracefully()
        case .ignore:
            break
        }
    }

    // MARK: Time and ends

    package func deadlinePassed(on connection: Connection) {
        guard self.closing.isOpen else {
            self.waitForClose()
            return
        }
        guard self.configuration.sendsPings else {
            connection.setDeadline(after: Self.patience)
            self.application.deadlinePassed()
            return
        }
        switch self.heartbeat {
        case .answered:
            self.heartbeat = .waiting
            let left = self.configuration.pingInterval - self.configuration.pongTimeout
            connection.setDeadline(after: max(left, .zero))
        case .waiting:
            self.write(.ping) { $0.writeWebSocketFrame(.ping, payload: ByteBuffer()) }
            self.heartbeat = .pinged
            connection.setDeadline(after: self.configuration.pongTimeout)
        case .pinged where connection.waitingBytes > 0 && connection.hasProgressed():
            // The ping still stands behind what a slow peer is reading.
            connection.setDeadline(after: self.configuration.pongTimeout)
        case .pinged:
            self.close(.deadPeer)
        }
    }

    /// Our close frame may stand behind what a slow peer is reading.
    private func waitForClose() {
        if self.connection.waitingBytes > 0, self.connection.hasProgressed() {
            self.connection.setDeadline(after: self.configuration.closeTimeout)
        } else {
            self.connection.close()
        }
    }

    package func inputClosed(on connection: Connection) {
        connection.close()
    }

    package func becameWritable(on connection: Connection) {
        if self.isOpen { self.application.becameWritable() }
    }

    package func shutDown(_ farewell: Farewell, on connection: Connection) {
        guard self.isOpen else { return }
        self.application.shutDown(self, farewell)
    }

    package func describe(in record: inout ConnectionRecord) {
        self.application.describe(in: &record)
        // The closing handshake is under way.
        if !self.closing.isOpen { record.transport = .closing }
    }

    package func dismiss(_ dismissal: Dismissal, on connection: Connection) {
        guard self.isOpen else { return }
        self.application.dismiss(self, dismissal)
    }

    package func unsubscribe(from topic: Topic, on connection: Connection) -> Bool {
        self.isOpen && self.application.unsubscribe(from: topic)
    }

    package func left(_ connection: Connection) {
        let code = self.closing.transportGone()
        connection.loop.counters.close(self.closeCode ?? code)
        connection.life.closes(with: (self.closeCode ?? code).rawValue)
        self.application.closed(code)
    }
}

@available(*, unavailable)
extension WebSocketDriver: Sendable {}
