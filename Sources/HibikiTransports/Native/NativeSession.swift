// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWebSocketCodec
import HibikiWire
import NIOCore

/// One connection that speaks the native protocol.
///
/// Documentation/protocol.md, "WebSocket", is what it does.
final class NativeSession: WebSocketApplication {
    static let subprotocols = ["hibiki.json"]

    let loop: TransportLoop
    let format: WireFormat
    /// Holds the driver that holds this, until the connection is closed.
    private(set) var socket: WebSocketDriver?
    var clientID: ClientID?
    let follower = TopicFollower()
    var gate = DeliveryGate()
    let principal = Principal.anonymous
    /// Requests whose answers come later. Nothing else bounds what they will write.
    private var underWay = 0
    private static let mostUnderWay = 16

    var isReady: Bool { self.underWay < Self.mostUnderWay }

    init(loop: TransportLoop, agreement: PermessageDeflate.Agreement?) {
        self.loop = loop
        self.format = loop.formats.format(for: agreement)
    }

    // MARK: The socket's events

    func opened(_ socket: WebSocketDriver) {
        self.socket = socket
        let id = self.loop.members.attach(self)
        self.clientID = id
        socket.connection.life.client = id
        self.send { $0.writeWelcome(clientID: id.description, timestamp: self.loop.timestamp.milliseconds) }
    }

    func received(text: ByteBuffer) {
        do throws(WireError) {
            let message = try ClientMessage(parsing: text)
            do throws(WireError) {
                try self.handle(message)
            } catch {
                self.refuse(error, id: message.id)
            }
        } catch {
            self.refuse(error, id: error.id)
        }
    }

    func received(binary: ByteBuffer) {
        self.socket?.close(.binaryNotSpoken)
    }

    /// Requests that are under way are answered first.
    func shutDown(_ socket: WebSocketDriver, _ farewell: Farewell) {
        self.send { $0.writeShutdown(message: Farewell.message, reconnectDelay: farewell.milliseconds) }
        self.endIfDone()
    }

    private func endIfDone() {
        guard let socket = self.socket, socket.connection.isLeaving, self.underWay == 0 else { return }
        socket.close(.restart)
    }

    func closed(_ code: WebSocketCloseCode) {
        self.socket = nil
        self.follower.unfollowAll(loop: self.loop)
        if let id = self.clientID {
            self.loop.members.detach(id)
        }
    }

    // MARK: Sending

    func send(_ body: (inout ByteBuffer) -> Void) {
        self.socket?.send(.text, body)
    }

    func refuse(_ error: WireError, id: RequestID?) {
        var error = error
        error.id = id
        self.send { $0.writeError(error) }
    }

    /// Answers a request that wants an answer.
    func reply(_ id: RequestID?, _ body: ReplyBody = .done) {
        guard let id else { return }
        self.send { $0.writeReply(id: id, body) }
    }

    /// Says that a request is answered later, and returns how: what is handed to it runs on the connection's event loop, at
    /// once if this is it.
    func answerLater() -> @Sendable (@escaping @Sendable (NativeSession) -> Void) -> Void {
        self.underWay += 1
        let eventLoop = self.loop.eventLoop
        let session = NIOLoopBound(self, eventLoop: eventLoop)
        return { body in
            if eventLoop.inEventLoop {
                session.value.finish(body)
            } else {
                eventLoop.execute { session.value.finish(body) }
            }
        }
    }

    private func finish(_ body: (NativeSession) -> Void) {
        self.underWay -= 1
        body(self)
        if self.underWay == Self.mostUnderWay - 1 {
            self.socket?.connection.proceed()
        }
        self.endIfDone()
    }
}

@available(*, unavailable)
extension NativeSession: Sendable {}
