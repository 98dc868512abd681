// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

/// What a server says over a WebSocket, as a client reads it.
public enum ServerMessage: Equatable, Sendable {
    /// - Parameter timestamp: milliseconds since 1970, as in every message.
    case welcome(clientID: String, timestamp: Int64)
    case event(EventFields)
    case reply(ServerReply)
    case presence(id: RequestID?, topic: String, count: Int, clients: [String])
    /// - Parameter retry: whether the same request may succeed later, as the server said it.
    case error(WireError, retry: Bool)
    case gap(topic: String, position: String)
    case pong(timestamp: Int64)
    case broadcast(from: String, payload: ByteBuffer, timestamp: Int64)
    case direct(from: String, payload: ByteBuffer, timestamp: Int64)
    /// - Parameter reconnectDelay: milliseconds.
    case shutdown(message: String, reconnectDelay: Int64)
    /// The client is to send `connect` with a new token.
    ///
    /// - Parameter timeLeft: until the connection ends, in milliseconds.
    case tokenExpiring(timeLeft: Int64)
    /// Whoever runs the server has taken the client out of a topic.
    case unsubscribed(topic: String)
    /// A type that is younger than this client.
    case unknown(type: String)

    /// Reads one text frame. Payloads are slices of `frame`.
    public init(parsing frame: ByteBuffer) throws(WireError) {
        self = try frame.withServerText { reader throws(WireError) in
            try reader.readObject()
            try reader.finish()
            return try reader.message(in: frame)
        }
    }
}

/// A `reply`: what it says depends on the request.
public struct ServerReply: Equatable, Sendable {
    public var id: RequestID
    public var topic: String?
    public var position: String?
    public var gap: Bool
    public var duplicate: Bool
    public var delivered: Bool?
    /// The JSON text of the `events` of a history, for `EventFields.list(parsing:)`.
    public var events: ByteBuffer?

    public init(
        id: RequestID, topic: String? = nil, position: String? = nil, gap: Bool = false, duplicate: Bool = false,
        delivered: Bool? = nil, events: ByteBuffer? = nil
    ) {
        self.id = id
        self.topic = topic
        self.position = position
        self.gap = gap
        self.duplicate = duplicate
        self.delivered = delivered
        self.events = events
    }
}

/// The body of an HTTP answer that refuses, as a client reads it.
public struct ErrorAnswer: Equatable, Sendable {
    public var error: WireError
    /// Whether the same request may succeed later, as the server said it.
    public var retry: Bool

    public init(error: WireError, retry: Bool) {
        self.error = error
        self.retry = retry
    }

    public init(parsing body: ByteBuffer) throws(WireError) {
        self = try body.withServerText { reader throws(WireError) in
            try reader.readObject()
            try reader.finish()
            return try reader.errorAnswer()
        }
    }
}
