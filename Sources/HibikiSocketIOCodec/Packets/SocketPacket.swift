// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// One packet of the Socket.IO protocol, revision 5. Whether its arguments came with attachments is not part of its kind.
public struct SocketPacket: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// Joins a namespace; the argument, if any, is an object with what authenticates the client.
        case connect(RawArgument?)
        /// Leaves a namespace.
        case disconnect
        case event(EventName, [RawArgument])
        /// An event without a payload, and so without a name: legal, and nobody listens to it.
        case nothing
        /// Answers the event that has the same id.
        case ack([RawArgument])
        /// Refuses a namespace; an object or a string.
        case connectError(RawArgument)
    }

    /// `/` or `/name`.
    public var namespace: String
    /// Of an event, that it wants an ack; of an ack, which event it answers.
    public var id: UInt64?
    public var kind: Kind

    public init(namespace: String = "/", id: UInt64? = nil, _ kind: Kind) {
        self.namespace = namespace
        self.id = id
        self.kind = kind
    }
}

/// What an event is called. Almost always a string; a number is allowed, and is known by its digits.
public enum EventName: Hashable, Sendable {
    case string(String)
    /// As it was written, for example `1`.
    case number(String)
}
