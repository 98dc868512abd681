// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore
import NIOHPACK

extension RequestHead {
    /// The key of a handshake that has none, because a stream needs no proof that both sides speak WebSocket (RFC 8441 §5).
    private static let anyKey = "AAAAAAAAAAAAAAAAAAAAAA=="

    /// A request of HTTP/2 (RFC 9113 §8.3) in the form that routes know. It is checked as strictly as one that has come in bytes,
    /// because a field could otherwise end a line somewhere behind this server.
    ///
    /// A CONNECT for the protocol `websocket` (RFC 8441 §4) becomes the handshake that it would be over HTTP/1.1.
    init(_ headers: HPACKHeaders, maximumFields: Int) throws(RequestRefusal) {
        guard headers.count <= maximumFields + 5 else { throw .tooManyFields }
        guard let method = headers.first(name: ":method"), !method.isEmpty, method.utf8.allSatisfy(\.isTokenCharacter)
        else {
            throw .badRequest("the method has a character that is not allowed")
        }
        guard let target = headers.first(name: ":path"), target.utf8.first == UInt8(ascii: "/") || target == "*",
            target.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { throw .badRequest("the target is none, or has a character that is not allowed") }
        let isWebSocket = headers.first(name: ":protocol") == "websocket"
        guard method != "CONNECT" || isWebSocket else {
            throw RequestRefusal(status: 501, message: "the only tunnel that is known is one of WebSocket")
        }
        var writer = FieldWriter()
        for (name, value, _) in headers where name.utf8.first != UInt8(ascii: ":") && name != "cookie" {
            guard !isWebSocket || name != "sec-websocket-key" else { continue }
            try writer.add(name, value)
        }
        // A client may send its cookies apart so that they compress better (RFC 9113 §8.2.3).
        let cookies = headers[canonicalForm: "cookie"].joined(separator: "; ")
        if !cookies.isEmpty { try writer.add("cookie", cookies) }
        if isWebSocket {
            try writer.add("upgrade", "websocket")
            try writer.add("connection", "upgrade")
            try writer.add("sec-websocket-key", Self.anyKey)
        }
        self.init(
            method: isWebSocket ? "GET" : method, target: target, minorVersion: 1,
            authority: try Self.authority(headers), bytes: writer.bytes, fields: writer.fields
        )
    }

    private static func authority(_ headers: HPACKHeaders) throws(RequestRefusal) -> String {
        let hosts = headers[canonicalForm: ":authority"] + headers[canonicalForm: "host"]
        guard let host = hosts.first, hosts.allSatisfy({ $0 == host }), !host.isEmpty,
            host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { throw .badRequest("a request names exactly one host") }
        return host
    }
}

/// Puts fields where a request head has them: in one buffer, by their places in it.
private struct FieldWriter {
    var bytes = ByteBuffer()
    var fields: [RequestHead.Field] = []

    mutating func add(_ name: String, _ value: String) throws(RequestRefusal) {
        guard !name.isEmpty, name.utf8.allSatisfy(\.isTokenCharacter) else {
            throw .badRequest("a header name has a character that is not allowed")
        }
        guard value.utf8.allSatisfy(\.isFieldCharacter) else {
            throw .badRequest("a header value has a control character")
        }
        self.fields.append(RequestHead.Field(name: self.place(name), value: self.place(value)))
    }

    private mutating func place(_ text: String) -> Range<Int> {
        let start = self.bytes.writerIndex
        self.bytes.writeString(text)
        return start..<self.bytes.writerIndex
    }
}
