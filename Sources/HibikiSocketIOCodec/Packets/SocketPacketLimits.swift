// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

/// What one packet of a client may cost before it is complete.
public struct SocketPacketLimits: Hashable, Sendable {
    /// Binary messages that one packet may announce. By default 64; clients in JavaScript take ten.
    public var attachments: Int
    /// Bytes of a packet's text and its attachments together. By default 1,000,000.
    public var bytes: Int
    /// From the text of a packet to its last attachment. By default 30 seconds.
    public var completionTime: TimeAmount
    /// Bytes of a namespace, its slash included. By default 1,024.
    public var namespaceBytes: Int
    /// Arguments of one event or ack. By default 10,000; each costs the server some 40 bytes, however short it is.
    public var arguments: Int
    /// Levels of objects and arrays, the list of arguments being the first. By default 64, which is also the most.
    public var depth: Int

    /// Digits of an acknowledgement's id, and of a count of attachments.
    public static let digits = 16

    public init(
        attachments: Int = 64,
        bytes: Int = 1_000_000,
        completionTime: TimeAmount = .seconds(30),
        namespaceBytes: Int = 1_024,
        arguments: Int = 10_000,
        depth: Int = 64
    ) {
        self.attachments = attachments
        self.bytes = bytes
        self.completionTime = completionTime
        self.namespaceBytes = namespaceBytes
        self.arguments = arguments
        self.depth = depth
    }
}
