// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiSocketIOCodec

extension SocketIOServer {
    /// What can be set about Socket.IO. Names and defaults are those of the original where it has the option.
    public struct Configuration: Sendable {
        /// How packets are written. Both sides must use the same one.
        public enum Parser: Sendable, Hashable {
            /// Text and attachments; what every client speaks by default.
            case json
            /// One binary message for each packet, as socket.io-msgpack-parser writes it.
            case messagePack
        }

        /// Where the server is found. By default `/socket.io`.
        public var path = "/socket.io"
        /// What is underneath: transports, times and limits.
        public var engine = EngineConfiguration()
        /// How long a connection may take to join its first namespace. By default 45 seconds.
        public var connectTimeout: Duration = .seconds(45)
        /// Whether a client that lost its connection can come back as the same socket, and gets what it missed. `nil`,
        /// the default, is no: with recovery every event has one more argument, which clients with strict handlers trip
        /// over.
        public var connectionStateRecovery: ConnectionStateRecovery?
        /// Whether a namespace that a client's request has made is removed when its last socket leaves. By default it
        /// stays.
        public var cleanupEmptyChildNamespaces = false
        /// Namespaces that exist because clients asked for them. By default 10,000; further ones are refused.
        public var childNamespaces = 10_000
        /// By default JSON.
        public var parser = Parser.json
        /// What one packet of a client may cost. By default 64 attachments, 1,000,000 bytes in all, complete within 30
        /// seconds.
        public var packets = SocketPacketLimits()
        /// Namespaces that one connection may be in at the same time. By default 16; one more is refused with `Too many
        /// namespaces`.
        public var namespacesPerConnection = 16
        /// Acks that one socket may owe at the same time. By default 1,000.
        public var pendingAcks = 1_000
        /// Rooms that one socket may be in, without its own. By default 1,000; further joins have no effect.
        public var roomsPerSocket = 1_000
        /// Events of one connection, and ends of its sockets, that may wait for handlers that have not returned. By default 128;
        /// then the client is not read until some of them have been handled.
        public var waitingEvents = 128
        /// Events that a socket may emit before it has joined its namespace, in middlewares. By default 64; more are
        /// dropped.
        public var earlyEmits = 64
        /// How long to wait for the acks of a broadcast that sets no `timeout`. By default 5 seconds.
        public var broadcastAckTimeout: Duration = .seconds(5)

        public init() {}

        /// One message may be as large as the largest payload, and its text comes on top.
        var packetLimits: SocketPacketLimits {
            var limits = self.packets
            limits.bytes = min(self.engine.maxPayload, Int(Int32.max)) * 2
            return limits
        }
    }

    /// How clients come back after a lost connection; see ``Configuration/connectionStateRecovery``.
    public struct ConnectionStateRecovery: Sendable {
        /// How long a socket is kept for its client. By default two minutes.
        public var maxDisconnectionDuration: Duration = .seconds(120)
        /// Whether middlewares are left out for a client that has come back. By default they are not, and decide anew whether
        /// it may be there; the original leaves them out.
        public var skipMiddlewares = false
        /// The namespaces that offer it. `nil`, the default, means all.
        public var namespaces: Set<String>?
        /// Asked for each room of a socket that comes back, whether it may still be in it; it gets nothing of a room
        /// that is refused. By default every room is allowed.
        public var mayRecover: (@Sendable (_ socket: Socket, _ room: String) -> Bool)?
        /// Who a client is, from its handshake: somebody else cannot take over its socket, not even with its private
        /// id. By default nothing but that id is asked for.
        public var subject: (@Sendable (Handshake) -> String?)?

        public init() {}
    }
}
