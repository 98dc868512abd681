// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiWebSocketCodec
public import NIOCore

/// Every limit and time of the network side. The defaults are those of the documentation.
public struct TransportConfiguration: Sendable {
    /// Limits of HTTP/1.1 requests.
    public struct HTTP: Sendable {
        /// From the first moment of a connection, or the first byte of a later request, to the end of its head. Default 10 s.
        public var headTimeout: TimeAmount = .seconds(10)
        /// How long a connection may stay without a request. Default 60 s.
        public var idleTimeout: TimeAmount = .seconds(60)
        /// Bytes of a request head. Default 16 KiB; more is answered with 431.
        public var headBytes = 16 << 10
        /// Fields of a request head. Default 100; more is answered with 431.
        public var headFields = 100
        /// Bytes of a request body. Default 1 MiB; more is answered with 413, by its `Content-Length` before a byte of it is read.
        public var bodyBytes = 1 << 20
        /// The slowest that a body may come after the first ``headTimeout``, in bytes per second. Default 16 KiB.
        public var bodyBytesPerSecond = 16 << 10
        /// The slowest that a body may come which is taken as it comes, over each ``headTimeout``, in bytes per second. Default 1 KiB. What has come by then is
        /// kept.
        public var streamedBytesPerSecond = 1 << 10
        /// Streams of a connection of HTTP/2 at one time. Default 100; a client that opens more is refused those.
        public var streams = 100

        public init() {}
    }

    /// Limits of WebSocket connections.
    public struct WebSocket: Sendable {
        /// A message and what it inflates to: 64 KiB. Fragments of a message: 1,024.
        public var limits = WebSocketLimits()
        /// `nil` turns permessage-deflate off.
        public var compression: PermessageDeflate.Configuration? = PermessageDeflate.Configuration()
        /// A ping after so long. Default 30 s.
        public var pingInterval: TimeAmount = .seconds(30)
        /// Off for a protocol that keeps its connections alive itself.
        package var sendsPings = true
        /// A peer that lets nothing be heard for so long after a ping is dead. Default 10 s.
        public var pongTimeout: TimeAmount = .seconds(10)
        /// How long the closing handshake may take. Default 5 s.
        public var closeTimeout: TimeAmount = .seconds(5)

        public init() {}
    }

    /// Limits of readers of the log.
    public struct Events: Sendable {
        /// A comment goes out after so long, so that proxies keep a stream open. Default 15 s.
        public var heartbeat: TimeAmount = .seconds(15)
        /// What `retry:` asks for; up to a second of jitter is added. Default 5 s.
        public var retry: TimeAmount = .seconds(5)
        /// The longest that a poll may wait. Default 60 s.
        public var longestWait: TimeAmount = .seconds(60)
        /// Topics of one connection or request. Default 128.
        public var topics = 128
        /// Events of one answer to a poll. Default 1,000.
        public var eventsOfPoll = 1_000

        public init() {}
    }

    public var http = HTTP()
    public var webSocket = WebSocket()
    public var events = Events()
    /// Bytes that may wait for a reader. Default 1 MiB; the topic's ``HibikiMessaging/SlowReaderPolicy`` says what happens then.
    public var outboundQueue = 1 << 20
    /// Connections in all, and from one address. Default 1,000,000 and 10,000; one more is answered with 503.
    public var connections = 1_000_000
    public var connectionsPerAddress = 10_000
    public var origins = OriginPolicy()
    public var proxies = ProxyConfiguration()
    /// What the socket keeps waiting before it is accepted. Default 4,096; the kernel may allow less.
    public var backlog: Int32 = 4_096

    public init() {}
}

extension TransportConfiguration {
    /// Takes what can change while connections live.
    mutating func reload(_ new: TransportConfiguration) {
        let old = self
        self = new
        self.http.bodyBytes = old.http.bodyBytes
        self.webSocket.compression = old.webSocket.compression
        self.webSocket.limits.messageBytes = old.webSocket.limits.messageBytes
        self.events.topics = old.events.topics
        self.origins.trustsLocalHostsOnly = old.origins.trustsLocalHostsOnly
    }
}
