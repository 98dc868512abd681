// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiWebSocketCodec
public import NIOCore

/// Opens WebSockets (RFC 6455) with permessage-deflate (RFC 7692), to any server that speaks them.
///
/// ```swift
/// let connection = try await WebSocketClient.connect(to: HibikiURL("ws://127.0.0.1:8080/ws"))
/// try await connection.send(text: "hello")
/// for try await message in connection.messages { print(message.text ?? "binary") }
/// ```
public enum WebSocketClient {
    /// How a silent server is told from a dead one.
    public struct KeepAlive: Equatable, Sendable {
        /// The silence after which the server is asked; 45 s by default, more than the 30 s at which Hibiki's server
        /// asks.
        public var interval: TimeAmount
        /// How long it has to say anything; 10 s by default.
        public var limit: TimeAmount

        public init(interval: TimeAmount = .seconds(45), limit: TimeAmount = .seconds(10)) {
            self.interval = interval
            self.limit = limit
        }
    }

    public struct Configuration: Sendable {
        /// In the order of preference. A server that chooses another one fails the handshake.
        public var subprotocols: [String]
        /// What a message of the server may have; 64 KiB by default.
        public var limits: WebSocketLimits
        /// `nil` offers none.
        public var compression: PermessageDeflate.Configuration?
        /// Sent with the request, such as `Origin` or `Authorization`.
        public var headers: [(name: String, value: String)]
        /// `nil` never asks.
        public var keepAlive: KeepAlive?
        /// For the connection, and then for the handshake; 10 s by default.
        public var connectLimit: TimeAmount
        /// Bytes of messages that nobody has read yet, at which the socket is read no further; 256 KiB by default.
        public var unreadBytes: Int

        public init(
            subprotocols: [String] = [], limits: WebSocketLimits = WebSocketLimits(),
            compression: PermessageDeflate.Configuration? = PermessageDeflate.Configuration(),
            headers: [(name: String, value: String)] = [], keepAlive: KeepAlive? = KeepAlive(),
            connectLimit: TimeAmount = .seconds(10), unreadBytes: Int = 1 << 18
        ) {
            self.subprotocols = subprotocols
            self.limits = limits
            self.compression = compression
            self.headers = headers
            self.keepAlive = keepAlive
            self.connectLimit = connectLimit
            self.unreadBytes = unreadBytes
        }
    }

    /// Opens a WebSocket at `url` itself; the path counts.
    ///
    /// - Throws: ``HibikiClientError``: ``HibikiClientError/Code/handshakeFailed`` for an answer that is no handshake,
    ///   ``HibikiClientError/Code/refused`` and ``HibikiClientError/Code/redirected`` for one that is none at all.
    public static func connect(
        to url: HibikiURL, _ configuration: Configuration = Configuration()
    ) async throws -> WebSocketConnection {
        try await self.connect(Dialer(url, limit: configuration.connectLimit), target: url.ownTarget, configuration)
    }

    static func connect(
        _ dialer: Dialer, target: String, _ configuration: Configuration
    ) async throws -> WebSocketConnection {
        let state = WebSocketConnection.State(unreadBytes: configuration.unreadBytes)
        let (channel, subprotocol) = try await self.open(dialer, target: target, configuration) {
            InboxSink(state)
        }
        return WebSocketConnection(channel: channel, subprotocol: subprotocol, state: state)
    }

    /// Opens a WebSocket that is driven on its event loop.
    package static func open(
        _ dialer: Dialer, target: String, _ configuration: Configuration,
        makeSink: @escaping @Sendable () -> any WebSocketSink
    ) async throws -> (channel: any Channel, subprotocol: String?) {
        let key = WebSocketHandshake.makeKey()
        let (channel, opened) = try await dialer.connect { channel in
            let encoder = HandshakeCodec.makeEncoder()
            let decoder = HandshakeCodec.makeDecoder()
            let promise = channel.eventLoop.makePromise(of: String?.self)
            let plan = WebSocketHandshakeHandler.Plan(
                authority: dialer.url.authority, target: target, configuration: configuration, key: key,
                traffic: dialer.traffic, limit: configuration.connectLimit
            )
            let handshake = WebSocketHandshakeHandler(
                plan, codec: [encoder, decoder], opened: promise, makeSink: makeSink)
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(encoder)
            try pipeline.addHandler(decoder)
            try pipeline.addHandler(handshake)
            return (channel, promise.futureResult)
        }
        return try await withTaskCancellationHandler {
            (channel, try await opened.get())
        } onCancel: {
            channel.close(promise: nil)
        }
    }
}
