// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiMessaging
import NIOCore

/// A connection as it was when it was looked at.
public struct ConnectionRecord: Hashable, Sendable {
    /// What it speaks at the moment.
    public enum Transport: String, Hashable, Sendable, CaseIterable {
        /// Requests and answers: between them, or in the middle of one.
        case http
        /// A poll that waits for something to happen.
        case longPoll = "long-poll"
        case webSocket = "websocket"
        case eventStream = "sse"
        /// A connection that carries streams, each of which has a record of its own.
        case http2
        /// All is said; the peer has not closed yet.
        case closing
    }

    /// A socket of Socket.IO that the connection carries.
    public struct Socket: Hashable, Sendable {
        public let namespace: String
        public let id: String
        /// Without its own.
        public let rooms: [String]

        package init(namespace: String, id: String, rooms: [String]) {
            self.namespace = namespace
            self.id = id
            self.rooms = rooms
        }
    }

    /// What the lines of the log call it.
    public let id: ConnectionID
    public package(set) var transport: Transport
    /// The route of its last request, such as `/ws` or `/socket.io/`; never a path that a client has made up.
    public let route: String
    /// Whom it comes from, without the port.
    public let address: String
    /// The name by which other clients know it.
    public let client: ClientID?
    /// Whose token it has shown; `nil` if none.
    public package(set) var principal: String?
    /// What it follows.
    public package(set) var topics: [Topic] = []
    /// In the order of their namespaces.
    public package(set) var sockets: [Socket] = []
    public let age: Duration
    public let bytesIn: UInt64
    public let bytesOut: UInt64
    /// Requests, or messages of a WebSocket.
    public let messagesIn: UInt64
    /// Answers, events of a stream, or messages of a WebSocket.
    public let messagesOut: UInt64
    /// Bytes that the peer has not taken yet.
    public let queuedBytes: Int

    init(_ connection: Connection, kind: ConnectionKind, at now: NIODeadline) {
        self.id = connection.id
        self.transport = Transport(kind)
        self.route = connection.life.route.text
        // A closed socket has forgotten it.
        self.address = connection.client?.text ?? connection.life.address?.ipAddress ?? connection.remoteAddress
        self.client = connection.life.client
        self.age = .nanoseconds((now - connection.life.began).nanoseconds)
        self.bytesIn = connection.life.bytesIn
        self.bytesOut = connection.bytesGiven
        self.messagesIn = connection.life.messagesIn
        self.messagesOut = connection.life.messagesOut
        self.queuedBytes = connection.queuedBytes
    }
}

extension ConnectionRecord.Transport {
    fileprivate init(_ kind: ConnectionKind) {
        switch kind {
        case .http: self = .http
        case .webSocket: self = .webSocket
        case .eventStream: self = .eventStream
        case .http2: self = .http2
        case .closing: self = .closing
        }
    }
}

extension Connection {
    /// `nil` for one that is gone.
    func record(at now: NIODeadline) -> ConnectionRecord? {
        guard !self.isClosing, let kind = self.role.kind else { return nil }
        var record = ConnectionRecord(self, kind: kind, at: now)
        self.role.describe(in: &record)
        return record
    }
}
