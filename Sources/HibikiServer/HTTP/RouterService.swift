// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HTTPTypes
import HibikiTransports
import HibikiWire
import Hummingbird
import Logging
import NIOCore

/// Hands the front door's cold requests to a Hummingbird router.
struct RouterService<Responder: HTTPResponder>: HTTPService where Responder.Context == RouterContext {
    let responder: Responder
    let logger: Logger

    func respond(to message: HTTPRequestMessage, with writer: HTTPResponseWriter) async {
        do {
            guard let head = Self.head(of: message) else {
                let error = WireError(.methodNotAllowed, "\(message.method) is no method of HTTP")
                try await self.send(ErrorResponse.make(error), writer)
                return
            }
            let body = message.flow.map { RequestBody(asyncSequence: $0) } ?? RequestBody(buffer: message.body)
            let request = Request(head: head, body: body)
            let source = FrontDoorSource(
                logger: self.logger, remoteAddress: message.remoteAddress, scheme: message.scheme,
                budget: message.budget, bodyBytes: message.body.readableBytes, isHead: message.isHead)
            let response = try await self.responder.respond(to: request, context: RouterContext(source: source))
            try await self.send(response, writer)
        } catch is HTTPConnectionClosed {
            // Nobody is left to be told.
        } catch {
            // Without the query, in which a token may stand, and without what the error says, which may quote it.
            let path = message.target.prefix { $0 != "?" }
            self.logger.error(
                "a request failed",
                metadata: [
                    "connection": "\(message.connection)", "method": "\(message.method)", "path": "\(path)",
                    "error": "\(type(of: error))",
                ])
        }
    }

    private static func head(of message: HTTPRequestMessage) -> HTTPRequest? {
        // Whoever answers to GET answers to HEAD (RFC 9110 §9.3.2); the front door leaves the body out.
        guard let method = HTTPRequest.Method(message.method == "HEAD" ? "GET" : message.method) else { return nil }
        let scheme = (message.scheme ?? .http).rawValue
        var head = HTTPRequest(method: method, scheme: scheme, authority: message.authority, path: message.target)
        for field in message.fields {
            guard let name = HTTPField.Name(field.name) else { continue }
            head.headerFields.append(HTTPField(name: name, value: field.value))
        }
        return head
    }

    private func send(_ response: Response, _ writer: HTTPResponseWriter) async throws {
        let fields = response.headers.filter { $0.name != .contentLength }.map {
            (name: $0.name.rawName, value: $0.value)
        }
        let body = BodyForwarder(
            status: response.status.code, fields: fields, length: response.body.contentLength, writer: writer
        )
        try await response.body.write(body)
    }
}

/// Sends a body to the front door: a small one together with its head, a larger one in parts.
private struct BodyForwarder: ResponseBodyWriter {
    private static let wholeBytes = 64 << 10

    let status: Int
    let fields: [(name: String, value: String)]
    let length: Int?
    let writer: HTTPResponseWriter
    private var collected = ByteBuffer()
    private var hasBegun = false

    init(status: Int, fields: [(name: String, value: String)], length: Int?, writer: HTTPResponseWriter) {
        self.status = status
        self.fields = fields
        self.length = length
        self.writer = writer
    }

    mutating func write(_ buffer: ByteBuffer) async throws {
        guard !self.hasBegun else { return try await self.writer.write(buffer) }
        self.collected.writeImmutableBuffer(buffer)
        guard self.collected.readableBytes > Self.wholeBytes else { return }
        self.hasBegun = true
        try await self.writer.begin(status: self.status, fields: self.fields, length: self.length)
        try await self.writer.write(self.collected)
        self.collected = ByteBuffer()
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {
        if self.hasBegun {
            try await self.writer.end()
        } else if let length, length > 0, self.collected.readableBytes == 0 {
            // Of a HEAD, for which nobody has read the bytes.
            try await self.writer.begin(status: self.status, fields: self.fields, length: length)
            try await self.writer.end()
        } else {
            try await self.writer.respond(status: self.status, fields: self.fields, body: self.collected)
        }
    }
}
