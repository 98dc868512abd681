// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

/// What a reader found in the bytes of the peer.
public enum WebSocketEvent: Sendable, Equatable {
    /// A whole text message, known to be UTF-8.
    case text(ByteBuffer)
    /// A whole binary message.
    case binary(ByteBuffer)
    /// To be answered by a pong with the same payload (RFC 6455 §5.5.2).
    case ping(ByteBuffer)
    case pong(ByteBuffer)
    /// The last event of a connection.
    case close(WebSocketCloseFrame)
}
