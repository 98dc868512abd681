// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

/// A whole message, as it was sent.
public enum WebSocketMessage: Equatable, Sendable {
    /// Known to be UTF-8.
    case text(ByteBuffer)
    case binary(ByteBuffer)

    /// The text, or `nil` for a binary message.
    public var text: String? {
        switch self {
        case .text(let bytes): String(buffer: bytes)
        case .binary: nil
        }
    }
}
