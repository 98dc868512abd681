// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

extension WebSocketHandshake {
    /// What a response says; arrays as in ``Request``.
    public struct Response: Sendable, Equatable {
        public var status: Int
        public var upgrade: [String]
        public var connection: [String]
        /// Values of `Sec-WebSocket-Accept`, and so on.
        public var accept: [String]
        public var protocols: [String]
        public var extensions: [String]

        public init(
            status: Int, upgrade: [String], connection: [String], accept: [String], protocols: [String] = [],
            extensions: [String] = []
        ) {
            self.status = status
            self.upgrade = upgrade
            self.connection = connection
            self.accept = accept
            self.protocols = protocols
            self.extensions = extensions
        }
    }

    /// What a client and a server agreed on.
    public struct Outcome: Sendable, Equatable {
        public var subprotocol: String?
        public var agreement: PermessageDeflate.Agreement?
    }

    /// A response that does not open a WebSocket.
    public struct Failure: Error, Sendable, Equatable {
        /// Words for a person.
        public var reason: String
    }

    /// A key for one request: 16 random bytes in base64 (RFC 6455 §4.1).
    public static func makeKey(using generator: inout some RandomNumberGenerator) -> String {
        let bytes: [UInt8] = (0..<16).map { _ in .random(in: .min ... .max, using: &generator) }
        return bytes.withUnsafeBytes(Base64.encode)
    }

    public static func makeKey() -> String {
        var generator = SystemRandomNumberGenerator()
        return self.makeKey(using: &generator)
    }

    /// The header fields of a client's request, apart from `Host` and `Origin`. In `configuration` the subprotocols
    /// stand in the order of preference.
    public static func requestHeaders(key: String, _ configuration: Configuration) -> [HeaderField] {
        var headers = [
            HeaderField("Upgrade", "websocket"), HeaderField("Connection", "Upgrade"),
            HeaderField("Sec-WebSocket-Key", key), HeaderField("Sec-WebSocket-Version", self.version),
        ]
        if !configuration.subprotocols.isEmpty {
            let list = configuration.subprotocols.joined(separator: ", ")
            headers.append(HeaderField("Sec-WebSocket-Protocol", list))
        }
        if let compression = configuration.compression {
            headers.append(HeaderField("Sec-WebSocket-Extensions", PermessageDeflate.offer(compression)))
        }
        return headers
    }

    /// Checks the answer to a request made of ``requestHeaders(key:_:)`` (RFC 6455 §4.1).
    public static func check(
        _ response: Response, key: String, _ configuration: Configuration
    ) throws(Failure) -> Outcome {
        guard response.status == 101 else { throw Failure(reason: "status \(response.status) instead of 101") }
        guard HeaderList.contains("websocket", in: response.upgrade) else { throw Failure(reason: "Upgrade") }
        guard HeaderList.contains("upgrade", in: response.connection) else { throw Failure(reason: "Connection") }
        guard response.accept.map(HeaderList.trimmed) == [self.acceptKey(for: key)] else {
            throw Failure(reason: "Sec-WebSocket-Accept does not belong to the key")
        }
        return Outcome(
            subprotocol: try self.subprotocol(response.protocols, configuration),
            agreement: try self.agreement(response.extensions, configuration)
        )
    }

    private static func subprotocol(
        _ values: [String], _ configuration: Configuration
    ) throws(Failure) -> String? {
        guard let chosen = self.tokens(in: values), chosen.count <= 1 else {
            throw Failure(reason: "Sec-WebSocket-Protocol must be one token")
        }
        guard let subprotocol = chosen.first else { return nil }
        guard configuration.subprotocols.contains(subprotocol) else {
            throw Failure(reason: "a subprotocol that was not offered")
        }
        return subprotocol
    }

    private static func agreement(
        _ values: [String], _ configuration: Configuration
    ) throws(Failure) -> PermessageDeflate.Agreement? {
        guard let compression = configuration.compression else {
            guard values.allSatisfy({ HeaderList($0).first { _ in true } == nil }) else {
                throw Failure(reason: "an extension that was not offered")
            }
            return nil
        }
        do throws(PermessageDeflate.InvalidResponse) {
            return try PermessageDeflate.accept(values, compression)
        } catch {
            throw Failure(reason: error.reason)
        }
    }
}
