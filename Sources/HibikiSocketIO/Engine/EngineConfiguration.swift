// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiSocketIOCodec
public import HibikiWebSocketCodec
public import NIOCore

/// What can be set about Engine.IO, the lower half of Socket.IO: transports, times and limits. Names and defaults are those
/// of the original, so that its documentation holds here too.
public struct EngineConfiguration: Sendable {
    /// How a cookie with the session's id is set on the response that begins a session by polling. For load balancers.
    public struct Cookie: Sendable, Hashable {
        public enum SameSite: String, Sendable, Hashable {
            case strict = "Strict"
            case lax = "Lax"
            case none = "None"
        }

        /// Default `io`.
        public var name = "io"
        /// Default `/`.
        public var path = "/"
        /// Default on: scripts do not see it.
        public var isHTTPOnly = true
        /// Default off; on for a server that is reached over TLS alone.
        public var isSecure = false
        /// Default lax.
        public var sameSite: SameSite? = .lax
        /// Default none: until the browser ends.
        public var maxAge: TimeAmount?

        public init() {}
    }

    /// Compression of poll responses.
    public struct HTTPCompression: Sendable, Hashable {
        /// Bytes from which it is worth it. Default 1,024.
        public var threshold = 1_024

        public init() {}
    }

    /// Default polling and WebSocket.
    public var transports: Set<EngineTransport> = [.polling, .websocket]
    /// Whether a session that polls may change to a WebSocket. Default on.
    public var allowsUpgrades = true
    /// Whether clients of Socket.IO 2 are served (`EIO=3`). Default off.
    public var allowsVersion3 = false
    /// A ping after so long. Default 25 s.
    public var pingInterval: TimeAmount = .seconds(25)
    /// How long a client may take to answer a ping. Default 20 s.
    public var pingTimeout: TimeAmount = .seconds(20)
    /// How long a WebSocket may take to take a session over. Default 10 s; the session then stays on polling.
    public var upgradeTimeout: TimeAmount = .seconds(10)
    /// The largest message, and the largest polling body, in bytes. Default 1,000,000.
    public var maxPayload = 1_000_000
    /// The most packets of one polling body. Default 16,384; more is a parse error.
    public var packetsPerPayload = 16_384
    /// Bytes that may wait for a client that does not read or does not poll. Default 4 MiB; one that needs more is cut off,
    /// and may recover.
    public var sendBuffer = 4 << 20
    /// Default `nil`, off. A threshold of 1 KiB is usual.
    public var perMessageDeflate: PermessageDeflate.Configuration?
    /// Default on, from 1 KiB; `nil` turns it off.
    public var httpCompression: HTTPCompression? = HTTPCompression()
    /// Default none.
    public var cookie: Cookie?
    /// Which pages of other origins may use the server. `nil` means those that the front door allows
    /// (`TransportConfiguration.origins` of HibikiTransports), which is none by default.
    public var cors: CORS?
    /// A message that is sent right after the handshake. Default none.
    public var initialPacket: ByteBuffer?
    public var hooks = EngineHooks()

    public init() {}
}
