// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

package import HibikiMessaging
package import HibikiWebSocketCodec
package import NIOCore

/// What is spoken over a WebSocket. Called on the connection's event loop.
package protocol WebSocketApplication: AnyObject {
    /// Whether it can take another message now. If not, the socket is not read until ``Connection/proceed()`` is called.
    var isReady: Bool { get }
    func opened(_ socket: WebSocketDriver)
    func received(text: consuming ByteBuffer)
    func received(binary: ByteBuffer)
    /// Whether a ping is answered. One that is not may be taken for one that the next answer is for (RFC 6455 §5.5.3).
    func answersPing(of bytes: Int) -> Bool
    /// There is room in the outbound queue again.
    func becameWritable()
    /// The peer did what the standard forbids; the connection is about to end.
    func failed(_ violation: ProtocolViolation)
    /// The deadline of the connection has passed. Only of an application that keeps the connection alive itself.
    func deadlinePassed()
    /// The server is about to stop: say goodbye, and close.
    func shutDown(_ socket: WebSocketDriver, _ farewell: Farewell)
    /// Adds to a record of the connection what only the application knows.
    func describe(in record: inout ConnectionRecord)
    /// Whoever runs the server wants the connection to end: close it.
    func dismiss(_ socket: WebSocketDriver, _ dismissal: Dismissal)
    /// Whoever runs the server wants the client to follow a topic no longer: tell it. Says whether it did.
    func unsubscribe(from topic: Topic) -> Bool
    /// The last call. `code` is what the peer said, or 1006 if it said nothing.
    func closed(_ code: WebSocketCloseCode)
}

extension WebSocketApplication {
    package func answersPing(of bytes: Int) -> Bool { true }
    package func failed(_ violation: ProtocolViolation) {}
    package func deadlinePassed() {}

    package func describe(in record: inout ConnectionRecord) {}

    package func dismiss(_ socket: WebSocketDriver, _ dismissal: Dismissal) {
        socket.close(CloseReason(dismissal))
    }

    package func unsubscribe(from topic: Topic) -> Bool { false }

    package func shutDown(_ socket: WebSocketDriver, _ farewell: Farewell) {
        socket.close(.restart)
    }
}

/// Why a connection is closed from our side.
package struct CloseReason: Hashable, Sendable {
    package let code: WebSocketCloseCode
    package let reason: String

    package init(code: WebSocketCloseCode, reason: String) {
        self.code = code
        self.reason = reason
    }

    /// 1003: a frame of a kind that the subprotocol does not have.
    package static let binaryNotSpoken = CloseReason(
        code: .unacceptableData, reason: "binary frames are not spoken here")
    package static let textNotSpoken = CloseReason(code: .unacceptableData, reason: "text frames are not spoken here")
    /// 1012: come back, to this server or another.
    package static let restart = CloseReason(code: .serviceRestart, reason: "the server restarts")
    /// 4000: the outbound queue was full. Come back with the last position.
    package static let slowReader = CloseReason(code: WebSocketCloseCode(rawValue: 4000), reason: "read too slowly")
    /// 4001: nothing was heard after a ping.
    static let deadPeer = CloseReason(code: WebSocketCloseCode(rawValue: 4001), reason: "no answer to a ping")

    /// 4003: it went on sending too much. Come back after a while.
    package static let floods = CloseReason(
        code: WebSocketCloseCode(rawValue: 4003), reason: "sent too much for too long")

    /// 4002: the token ran out; come back with a new one. 4500: none was shown. 4501: too many were no good.
    package init(_ failure: AuthenticationFailure) {
        self.init(code: WebSocketCloseCode(rawValue: failure.closeCode), reason: failure.message)
    }
}
