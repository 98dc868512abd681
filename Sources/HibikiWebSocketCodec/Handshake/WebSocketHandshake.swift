// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The opening handshake (RFC 6455 §4), as functions from the facts of a request or response to an answer.
public enum WebSocketHandshake {
    /// The only version there is.
    public static let version = "13"

    public struct HeaderField: Sendable, Equatable {
        public var name: String
        public var value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// What a request says. A header that may stand on several lines is an array with one value for each line.
    public struct Request: Sendable, Equatable {
        public var method: String
        /// The minor version of HTTP/1.
        public var httpMinorVersion: Int
        public var upgrade: [String]
        public var connection: [String]
        /// Values of `Sec-WebSocket-Key`, and so on.
        public var key: [String]
        public var version: [String]
        public var protocols: [String]
        public var extensions: [String]
        /// Whether there is a `Transfer-Encoding`, or a `Content-Length` other than 0.
        public var announcesBody: Bool

        public init(
            method: String, httpMinorVersion: Int, upgrade: [String], connection: [String], key: [String],
            version: [String], protocols: [String] = [], extensions: [String] = [], announcesBody: Bool = false
        ) {
            self.method = method
            self.httpMinorVersion = httpMinorVersion
            self.upgrade = upgrade
            self.connection = connection
            self.key = key
            self.version = version
            self.protocols = protocols
            self.extensions = extensions
            self.announcesBody = announcesBody
        }
    }

    public struct Configuration: Sendable, Equatable {
        /// Subprotocols that the server speaks. Among those that the client asks for, the client's order decides.
        public var subprotocols: [String]
        /// `nil` declines compression.
        public var compression: PermessageDeflate.Configuration?

        public init(subprotocols: [String] = [], compression: PermessageDeflate.Configuration? = nil) {
            self.subprotocols = subprotocols
            self.compression = compression
        }
    }

    /// What goes into the 101 response, and what holds for the connection from then on.
    public struct Acceptance: Sendable, Equatable {
        /// The value of `Sec-WebSocket-Accept`.
        public var acceptKey: String
        /// `nil` if the client asked for none, or for none that the server speaks.
        public var subprotocol: String?
        public var agreement: PermessageDeflate.Agreement?
        /// The value of `Sec-WebSocket-Extensions`.
        public var extensionResponse: String?

        /// All header fields of the response that the handshake asks for.
        public var headers: [HeaderField] {
            var headers = [
                HeaderField("Upgrade", "websocket"), HeaderField("Connection", "Upgrade"),
                HeaderField("Sec-WebSocket-Accept", self.acceptKey),
            ]
            if let subprotocol { headers.append(HeaderField("Sec-WebSocket-Protocol", subprotocol)) }
            if let extensionResponse { headers.append(HeaderField("Sec-WebSocket-Extensions", extensionResponse)) }
            return headers
        }
    }

    /// An answer other than 101.
    public struct Refusal: Sendable, Equatable {
        /// 400, 405 or 426.
        public var status: Int
        /// Words for a person.
        public var message: String
        /// Header fields that the status asks for.
        public var headers: [HeaderField]

        public init(status: Int, message: String, headers: [HeaderField] = []) {
            self.status = status
            self.message = message
            self.headers = headers
        }
    }

    public enum Answer: Sendable, Equatable {
        case accept(Acceptance)
        case refuse(Refusal)
    }
}
