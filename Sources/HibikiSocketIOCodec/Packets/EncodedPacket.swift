// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

/// A Socket.IO packet as the messages of Engine.IO that carry it, in their order, with nothing between them.
public struct EncodedPacket: Hashable, Sendable {
    public enum Message: Hashable, Sendable {
        case text(ByteBuffer)
        case binary(ByteBuffer)
    }

    /// The first holds the packet; the others, if any, are its attachments.
    public var first: Message
    public var attachments: [ByteBuffer]

    public init(_ first: Message, attachments: [ByteBuffer] = []) {
        self.first = first
        self.attachments = attachments
    }
}
