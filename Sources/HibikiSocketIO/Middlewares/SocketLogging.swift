// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
public import Logging

/// Writes to a log who has joined and left, what goes wrong, and, at the level `trace`, the names of events. Arguments,
/// headers, queries and what clients send as `auth` are never written: they may hold secrets.
public struct SocketLogging: SocketMiddleware {
    private let logger: Logger
    private let level: Logger.Level

    /// - Parameters:
    ///   - logger: gets a line for each, with the id of the socket, the name of its namespace, and the connection that it began with.
    ///   - level: of who has joined and left. By default `info`.
    public init(_ logger: Logger, level: Logger.Level = .info) {
        self.logger = logger
        self.level = level
    }

    public func connected(_ socket: Socket) {
        var logger = self.logger
        let connection = socket.handshake.connection
        if !connection.isEmpty { logger[metadataKey: "connection"] = "\(connection)" }
        logger[metadataKey: "socket"] = "\(socket.id)"
        logger[metadataKey: "namespace"] = "\(socket.namespace.name)"
        let (named, level) = (logger, self.level)
        named.log(
            level: level, "Socket has joined",
            metadata: ["address": "\(socket.handshake.address)", "recovered": "\(socket.recovered)"])
        if named.logLevel <= .trace {
            socket.onAny { event, _ in named.trace("Socket event", metadata: ["event": "\(Self.short(event))"]) }
        }
        // The words of an error may quote the client.
        socket.onError { error in named.warning("Socket error", metadata: ["type": "\(type(of: error))"]) }
        socket.onDisconnect { reason, _ in
            named.log(level: level, "Socket has left", metadata: ["reason": "\(reason)"])
        }
    }

    private static func short(_ event: EventName) -> String {
        String(String.UnicodeScalarView(event.text.unicodeScalars.prefix(64)))
    }
}
