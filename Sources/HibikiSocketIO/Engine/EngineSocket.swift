// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import HibikiTransports
import HibikiWebSocketCodec
import HibikiWire
import NIOCore

/// A WebSocket that carries a session, or wants to. Bound to its event loop.
final class EngineSocket: WebSocketApplication {
    private enum Part {
        /// It has taken nothing over yet.
        case candidate
        case carrier
        /// It was not wanted.
        case refused
    }

    /// Bytes that wait for the socket beyond which volatile messages are dropped.
    private static let volatileBacklog = 64 << 10
    static let withoutStatus = CloseReason(code: WebSocketCloseCode(rawValue: 1005), reason: "")

    private let session: EngineSession
    private let loopNumber: Int
    private let form: EngineForm
    private let threshold: Int
    private let begins: Bool
    private var part = Part.candidate
    private var driver: WebSocketDriver?
    /// Kept here, so that a message costs no look at the session.
    private var application: (any EngineApplication)?
    /// Whether the application, when it was asked last, could take no more. Asked after each message, and when it says that it can
    /// go on: more often would be for nothing.
    private var isHeld = false
    private var violation: ProtocolViolation?

    /// - Parameter begins: whether the session begins with this WebSocket; it takes one over otherwise.
    init(_ session: EngineSession, loopNumber: Int, agreement: PermessageDeflate.Agreement?, begins: Bool) {
        self.session = session
        self.loopNumber = loopNumber
        self.begins = begins
        self.form = EngineForm(
            version: session.version, isBase64: session.isBase64, windowBits: agreement?.windowBits(of: .server)
        )
        self.threshold = session.configuration.perMessageDeflate?.threshold ?? .max
    }

    // MARK: The socket's events

    var isReady: Bool { !self.isHeld }

    func opened(_ socket: WebSocketDriver) {
        self.driver = socket
        let bound = NIOLoopBound(self, eventLoop: socket.connection.loop.eventLoop)
        if self.begins {
            self.part = .carrier
            self.session.begin(on: bound)
        } else if !self.session.upgradeRequested(by: bound) {
            self.part = .refused
            self.closeNow()
        }
    }

    func received(text: consuming ByteBuffer) {
        // The first byte of a message of the carrier, which is almost all that ever comes.
        if self.part == .carrier, let application = self.application,
            text.getInteger(at: text.readerIndex, as: UInt8.self) == UInt8(ascii: "4")
        {
            text.moveReaderIndex(forwardBy: 1)
            application.received(text: text)
            self.isHeld = !application.isReady
            return
        }
        let text = text
        self.received(
            Result { () throws(EngineViolation) in try EnginePacket(textFrame: text, version: self.form.version) })
    }

    func received(binary: ByteBuffer) {
        self.received(
            Result { () throws(EngineViolation) in
                try EnginePacket(binaryFrame: binary, version: self.form.version)
            })
    }

    private func received(_ packet: Result<EnginePacket, EngineViolation>) {
        switch self.part {
        case .candidate:
            self.session.candidateReceived(try? packet.get(), self, loop: self.loopNumber)
        case .carrier:
            switch packet {
            case .success(let packet):
                self.session.receive(packet)
                self.askApplication()
            case .failure(let violation): self.session.fail(.parseError, violation.message)
            }
        case .refused:
            break
        }
    }

    func becameWritable() {
        self.session.drain(self)
    }

    func failed(_ violation: ProtocolViolation) {
        self.violation = violation
    }

    func shutDown(_ socket: WebSocketDriver, _ farewell: Farewell) {
        switch self.part {
        case .carrier: self.session.shutDown(farewell)
        // The session goes on by polling, and is told there.
        case .candidate, .refused: socket.close(.restart)
        }
    }

    func describe(in record: inout ConnectionRecord) {
        self.application?.describe(in: &record)
    }

    func dismiss(_ socket: WebSocketDriver, _ dismissal: Dismissal) {
        switch self.part {
        case .carrier: self.session.dismiss(dismissal)
        case .candidate, .refused: socket.close(CloseReason(dismissal))
        }
    }

    func closed(_ code: WebSocketCloseCode) {
        self.driver = nil
        self.application = nil
        switch self.part {
        case .candidate:
            self.session.candidateClosed(self)
        case .carrier:
            let reason: EngineCloseReason = self.violation == nil ? .transportClose : .transportError
            self.session.webSocketClosed(reason, self.violation?.reason)
        case .refused:
            break
        }
    }

    // MARK: The session's orders

    func becomeCarrier() {
        self.part = .carrier
        self.application = self.session.application
        self.askApplication()
    }

    func answerProbe() {
        self.driver?.send(.text) { $0.writeStaticString("3probe") }
    }

    var hasRoom: Bool { self.driver?.connection.isWritable ?? false }
    var isBehind: Bool { (self.driver?.connection.waitingBytes ?? 0) > Self.volatileBacklog }

    func send(_ item: EngineSession.Outgoing) {
        switch item {
        case .packet(let packet):
            self.driver?.send(.text) { $0.writeEngineText(packet, version: self.form.version) }
        case .message(let message):
            self.driver?.send(sharedFrames: message.bytes(in: self.form, make: self.writeFrames), count: 1)
        }
    }

    func send(_ batch: EngineBatch) {
        self.driver?.send(sharedFrames: batch.bytes(in: self.form, make: self.writeFrames), count: batch.messages.count)
    }

    func send(_ length: Int, isCompressible: Bool, _ write: (inout JoinedBytes) -> Void) {
        guard isCompressible || self.form.windowBits == nil else {
            var text = ByteBuffer()
            text.writeJoined(length, write)
            self.send(.message(EngineMessage(EncodedPacket(.text(text)), isCompressible: false)))
            return
        }
        self.driver?.send(.text, length + 1) {
            $0.append(UInt8(ascii: "4"))
            write(&$0)
        }
    }

    private func writeFrames(_ message: EngineMessage, to bytes: inout ByteBuffer) {
        guard let windowBits = self.form.windowBits, message.isCompressible, let loop = self.driver?.connection.loop
        else {
            EngineMessage.writeFrames(message, self.form, to: &bytes)
            return
        }
        for packet in message.packets {
            let isText = !packet.isBinary || self.form.isBase64
            var payload = ByteBuffer()
            if isText {
                payload.writeEngineText(packet, version: self.form.version)
            } else {
                payload.writeEngineBinary(packet.payload, version: self.form.version)
            }
            let compressed =
                payload.readableBytes >= self.threshold ? loop.deflate.deflate(payload, windowBits: windowBits) : nil
            bytes.writeWebSocketFrame(
                isText ? .text : .binary, compressed: compressed != nil, payload: compressed ?? payload
            )
        }
    }

    private func askApplication() {
        self.isHeld = !(self.application?.isReady ?? true)
    }

    /// The application can take messages again.
    func proceed() {
        self.askApplication()
        self.driver?.connection.proceed()
    }

    func closeNow(_ reason: CloseReason = EngineSocket.withoutStatus) {
        self.application = nil
        self.driver?.close(reason)
    }
}

extension NIOLoopBound<EngineSocket> {
    func close(after items: [EngineSession.Outgoing] = [], isRestart: Bool = false) {
        self.onLoop { socket in
            for item in items {
                socket.send(item)
            }
            socket.closeNow(isRestart ? .restart : EngineSocket.withoutStatus)
        }
    }

    func drain(_ session: EngineSession) {
        self.onLoop { session.drain($0) }
    }

    func proceed() {
        self.onLoop { $0.proceed() }
    }
}

extension NIOLoopBound {
    /// Runs `body` on the event loop: here, if this is it.
    func onLoop(_ body: @escaping @Sendable (Value) -> Void) {
        if self.eventLoop.inEventLoop {
            body(self.value)
        } else {
            self.eventLoop.execute { body(self.value) }
        }
    }
}
