// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
public import NIOCore

/// Why a request gets no session, in the words of the original.
public struct EngineRefusal: Error, Hashable, Sendable {
    /// The number that the client sees.
    public enum Code: Int, CaseIterable, Hashable, Sendable {
        case transportUnknown = 0
        case sessionUnknown = 1
        case badHandshakeMethod = 2
        case badRequest = 3
        case forbidden = 4
        case unsupportedVersion = 5
    }

    /// What exactly happened, for the server's own eyes.
    public struct Context: RawRepresentable, Hashable, Sendable {
        public let rawValue: String

        public init(rawValue: String) {
            self.rawValue = rawValue
        }
    }

    public let code: Code
    public let message: String
    public let context: Context

    private init(_ code: Code, _ message: String, _ context: Context) {
        self.code = code
        self.message = message
        self.context = context
    }

    /// A request that is wrong in a way of the application's own, for example
    /// ``Context/middlewareFailure``.
    public static func badRequest(_ context: Context) -> EngineRefusal {
        EngineRefusal(.badRequest, "Bad request", context)
    }

    /// The application does not want this client.
    ///
    /// - Parameter message: goes to the client; by default, and if it is empty, `Forbidden`.
    public static func forbidden(_ message: String = "") -> EngineRefusal {
        EngineRefusal(.forbidden, message.isEmpty ? "Forbidden" : message, .forbidden)
    }

    /// The `transport` parameter is missing, unknown or switched off, or takes no such request.
    public static let transportUnknown = EngineRefusal(.transportUnknown, "Transport unknown", .transportUnknown)
    /// No session has this id, or it has ended.
    public static let sessionUnknown = EngineRefusal(.sessionUnknown, "Session ID unknown", .unknownSID)
    /// A session begins with a GET.
    public static let badHandshakeMethod = EngineRefusal(
        .badHandshakeMethod, "Bad handshake method", .badHandshakeMethod)
    /// The `EIO` parameter names a revision that is not served, or not the session's own.
    public static let unsupportedVersion = EngineRefusal(
        .unsupportedVersion, "Unsupported protocol version", .unsupportedProtocolVersion)

    /// The status of the response to a polling request. To a WebSocket request every refusal is 400, with the message
    /// alone as the body.
    public var httpStatus: Int {
        self.code == .forbidden ? 403 : 400
    }

    /// Writes the body of the response to a polling request: `{"code":1,"message":"Session ID unknown"}`.
    public func writeJSON(into body: inout ByteBuffer) {
        body.writeStaticString("{\"code\":")
        body.writeJSONInteger(self.code.rawValue)
        body.writeStaticString(",\"message\":")
        body.writeJSONString(self.message)
        body.writeStaticString("}")
    }
}

extension EngineRefusal.Context {
    public static let transportUnknown = Self(rawValue: "TRANSPORT_UNKNOWN")
    public static let unknownSID = Self(rawValue: "UNKNOWN_SID")
    public static let badHandshakeMethod = Self(rawValue: "BAD_HANDSHAKE_METHOD")
    /// The `Origin` header holds bytes that no header may.
    public static let invalidOrigin = Self(rawValue: "INVALID_ORIGIN")
    /// Another transport than the one that the session is on.
    public static let transportMismatch = Self(rawValue: "TRANSPORT_MISMATCH")
    /// `transport=websocket` in a request that asks for no WebSocket.
    public static let transportHandshakeError = Self(rawValue: "TRANSPORT_HANDSHAKE_ERROR")
    public static let forbidden = Self(rawValue: "FORBIDDEN")
    public static let unsupportedProtocolVersion = Self(rawValue: "UNSUPPORTED_PROTOCOL_VERSION")
    /// A middleware of the engine failed.
    public static let middlewareFailure = Self(rawValue: "MIDDLEWARE_FAILURE")
    /// The application's generator of session ids failed.
    public static let idGenerationError = Self(rawValue: "ID_GENERATION_ERROR")
}
