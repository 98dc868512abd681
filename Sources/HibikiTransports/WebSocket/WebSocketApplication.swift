// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWebSocketCodec
import NIOCore

/// What is spoken over a WebSocket. Called on the connection's event loop.
protocol WebSocketApplication: AnyObject {
    /// Whether it can take another message now. If not, the socket is not read until ``Connection/proceed()`` is called.
    var isReady: Bool { get }
    func opened(_ socket: WebSocketDriver)
    func received(text: ByteBuffer)
    func received(binary: ByteBuffer)
    /// There is room in the outbound queue again.
    func becameWritable()
    /// The last call. `code` is what the peer said, or 1006 if it said nothing.
    func closed(_ code: WebSocketCloseCode)
}

/// Why a connection is closed from our side.
struct CloseReason: Hashable, Sendable {
    let code: WebSocketCloseCode
    let reason: String

    /// 1003: a frame of a kind that the subprotocol does not have.
    static let binaryNotSpoken = CloseReason(code: .unacceptableData, reason: "binary frames are not spoken here")
    /// 1012: come back, to this server or another.
    static let restart = CloseReason(code: .serviceRestart, reason: "the server restarts")
    /// 4000: the outbound queue was full. Come back with the last position.
    static let slowReader = CloseReason(code: WebSocketCloseCode(rawValue: 4000), reason: "read too slowly")
    /// 4001: nothing was heard after a ping.
    static let deadPeer = CloseReason(code: WebSocketCloseCode(rawValue: 4001), reason: "no answer to a ping")
}
