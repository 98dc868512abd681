// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec

/// Why a socket has left its namespace. The raw value is the word that programs written for the original know.
public struct DisconnectReason: RawRepresentable, Hashable, Sendable {
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// ``Socket/disconnect(close:)`` was called.
    public static let serverNamespaceDisconnect = Self(rawValue: "server namespace disconnect")
    /// The client left the namespace.
    public static let clientNamespaceDisconnect = Self(rawValue: "client namespace disconnect")
    /// ``SocketIOServer/close()`` was called.
    public static let serverShuttingDown = Self(rawValue: "server shutting down")
    /// No sign of life in time.
    public static let pingTimeout = Self(rawValue: "ping timeout")
    /// The client closed the connection, or lost it.
    public static let transportClose = Self(rawValue: "transport close")
    /// The connection broke, or the client used it wrongly.
    public static let transportError = Self(rawValue: "transport error")
    /// Bytes that are no packet of Engine.IO.
    public static let parseError = Self(rawValue: "parse error")
    /// The client broke the rules of Socket.IO.
    public static let forcedClose = Self(rawValue: "forced close")
    /// The client joined no namespace in time.
    public static let forcedServerClose = Self(rawValue: "forced server close")

    /// The token of the client ran out, and it has shown no other.
    public static let tokenExpired = Self(rawValue: "token expired")

    init(_ reason: EngineCloseReason) {
        self.rawValue = reason.rawValue
    }

    /// Whether the client can come back as the same socket, if the namespace has connection state recovery: neither
    /// side wanted the end.
    public var isRecoverable: Bool {
        switch self {
        case .transportError, .transportClose, .forcedClose, .pingTimeout, .serverShuttingDown, .forcedServerClose,
            .tokenExpired:
            true
        default: false
        }
    }
}

extension DisconnectReason: CustomStringConvertible {
    public var description: String { self.rawValue }
}
