// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

/// One argument of an event or an ack, as it came: it is decoded when somebody asks for a type.
public struct RawArgument: Hashable, Sendable {
    /// How the bytes are to be read.
    public enum Encoding: Hashable, Sendable {
        /// JSON text, in which `{"_placeholder":true,"num":i}` stands for `attachments[i]`.
        case json
        /// MessagePack, which has binary values of its own.
        case messagePack
    }

    public var encoding: Encoding
    /// One value, complete.
    public var bytes: ByteBuffer
    /// All attachments of the packet that the argument came in. Empty for MessagePack.
    public var attachments: [ByteBuffer]

    public init(_ encoding: Encoding, bytes: ByteBuffer, attachments: [ByteBuffer] = []) {
        self.encoding = encoding
        self.bytes = bytes
        self.attachments = attachments
    }
}
