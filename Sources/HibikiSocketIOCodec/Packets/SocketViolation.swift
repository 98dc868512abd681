// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Why what a client sent is no packet. It ends the connection with all its namespaces.
public struct SocketViolation: Error, Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// The text breaks the grammar or nests too deeply, or its payload does not suit its type.
        case malformed
        /// More bytes, attachments, arguments or digits than the limits allow.
        case tooLarge
        /// A placeholder stands for an attachment that the packet does not have.
        case illegalAttachment
        /// A text came while an attachment was due, or a binary message while none was.
        case outOfOrder
        /// The attachments did not come in time.
        case late
    }

    public let kind: Kind
    /// In words, for a log. It holds nothing that the client sent.
    public let message: String

    /// What the sockets of the connection are told. A packet that cannot be read counts as a connection that the
    /// server closed: `parse error` is kept for messages that are no Engine.IO.
    public var disconnectReason: String { "forced close" }

    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }
}
