// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

extension WebSocketHandshake {
    /// Answers a request for an upgrade (RFC 6455 §4.2).
    ///
    /// Extensions never fail a handshake: what is malformed or unknown there is declined.
    public static func answer(_ request: Request, _ configuration: Configuration) -> Answer {
        if let refusal = self.refusal(of: request) { return .refuse(refusal) }
        guard let key = request.key.first.map(HeaderList.trimmed), request.key.count == 1, self.isValidKey(key) else {
            return .refuse(Refusal(status: 400, message: "Sec-WebSocket-Key must be 16 bytes in base64"))
        }
        guard let asked = self.tokens(in: request.protocols) else {
            return .refuse(Refusal(status: 400, message: "Sec-WebSocket-Protocol must be a list of tokens"))
        }
        let compression = configuration.compression.flatMap { PermessageDeflate.negotiate(request.extensions, $0) }
        return .accept(
            Acceptance(
                acceptKey: self.acceptKey(for: key),
                subprotocol: asked.first { configuration.subprotocols.contains($0) },
                agreement: compression?.agreement,
                extensionResponse: compression?.header
            )
        )
    }

    private static func refusal(of request: Request) -> Refusal? {
        guard request.method == "GET" else {
            return Refusal(
                status: 405, message: "a WebSocket begins with GET", headers: [HeaderField("Allow", "GET")]
            )
        }
        guard request.httpMinorVersion >= 1 else {
            return Refusal(status: 400, message: "a WebSocket needs HTTP/1.1")
        }
        guard HeaderList.contains("websocket", in: request.upgrade) else {
            return self.upgradeRequired("this address speaks WebSocket")
        }
        guard HeaderList.contains("upgrade", in: request.connection) else {
            return Refusal(status: 400, message: "Connection must contain Upgrade")
        }
        let versions = request.version.flatMap { HeaderList($0) }
        guard versions.count <= 1 else {
            return Refusal(status: 400, message: "Sec-WebSocket-Version must be one number")
        }
        guard let version = versions.first, version.elementsEqual(self.version.utf8) else {
            return self.upgradeRequired("Sec-WebSocket-Version must be 13")
        }
        guard !request.announcesBody else {
            return Refusal(status: 400, message: "a request for a WebSocket has no body")
        }
        return nil
    }

    private static func upgradeRequired(_ message: String) -> Refusal {
        Refusal(
            status: 426, message: message,
            headers: [
                HeaderField("Upgrade", "websocket"), HeaderField("Connection", "Upgrade"),
                HeaderField("Sec-WebSocket-Version", self.version),
            ]
        )
    }

    /// 22 characters of base64 and two of padding (RFC 6455 §4.2.1).
    private static func isValidKey(_ key: String) -> Bool {
        let bytes = key.utf8
        return bytes.count == 24 && bytes.prefix(22).allSatisfy(\.isBase64Byte)
            && bytes.suffix(2).allSatisfy { $0 == UInt8(ascii: "=") }
    }

    /// The tokens of a list over several lines, or `nil` if one of its elements is no token.
    static func tokens(in values: [String]) -> [String]? {
        var tokens: [String] = []
        for value in values {
            for element in HeaderList(value) {
                guard element.allSatisfy(\.isHeaderTokenByte) else { return nil }
                tokens.append(String(decoding: element, as: UTF8.self))
            }
        }
        return tokens
    }
}
