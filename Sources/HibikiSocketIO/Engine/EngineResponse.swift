// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import HibikiTransports
import HibikiWebSocketCodec
import NIOCore

/// How one request of a session is answered: the forms that the client asked for, and the fields that hooks add.
struct EngineResponse {
    let exchange: HTTPExchange
    let connection: Connection
    let configuration: EngineConfiguration
    let version: EngineVersion
    let isBase64: Bool
    let jsonp: String?
    private let coding: ContentCoding?
    private let request: EngineHandshakeRequest
    private let isUpgrade: Bool

    init(
        _ request: EngineHandshakeRequest, _ query: EngineQuery, head: RequestHead, exchange: HTTPExchange,
        connection: Connection, version: EngineVersion, configuration: EngineConfiguration
    ) {
        self.exchange = exchange
        self.connection = connection
        self.configuration = configuration
        self.version = version
        self.jsonp = query.jsonp
        self.isBase64 = query.wantsBase64 || query.jsonp != nil
        self.request = request
        self.isUpgrade = head.list("upgrade", contains: "websocket")
        self.coding = ContentCoding.allCases.first { head.accepts(coding: $0.rawValue) }
    }

    /// Answers a poll.
    func send(_ items: [EngineSession.Outgoing], fields: [(name: String, value: String)] = []) {
        var writer = EnginePayloadWriter(version: self.version, base64: self.isBase64)
        var isCompressible = false
        for item in items {
            switch item {
            case .packet(let packet):
                writer.append(packet)
                isCompressible = true
            case .message(let message):
                for packet in message.packets {
                    writer.append(packet)
                }
                isCompressible = isCompressible || message.isCompressible
            }
        }
        let payload = writer.finish()
        let body = self.jsonp.map { EngineJSONP.script(payload.body, index: $0) } ?? payload.body
        self.send(body, contentType: payload.contentType, isCompressible: isCompressible, fields: fields)
    }

    private func send(
        _ body: ByteBuffer, contentType: String, isCompressible: Bool, fields: [(name: String, value: String)]
    ) {
        var fields = [(name: "Content-Type", value: contentType), (name: "cache-control", value: "no-store")] + fields
        var body = body
        if isCompressible, let compression = self.configuration.httpCompression,
            body.readableBytes >= compression.threshold, let coding = self.coding, let encoded = coding.encode(body)
        {
            fields.append(("Content-Encoding", coding.rawValue))
            body = encoded
        }
        self.respond(status: 200, fields: fields, body: body)
    }

    /// Answers a POST.
    func sendOK() {
        let fields = [(name: "Content-Type", value: "text/html"), (name: "cache-control", value: "no-store")]
        self.respond(status: 200, fields: fields, body: ByteBuffer(string: "ok"))
    }

    /// Answers without a body.
    func send(status: Int) {
        self.respond(status: status, fields: [], body: ByteBuffer())
    }

    /// A WebSocket gets the words alone, and its connection ends.
    func refuse(_ refusal: EngineRefusal) {
        self.configuration.hooks.connectionError?(self.request, refusal)
        guard !self.isUpgrade else {
            self.exchange.endConnection()
            let fields = [(name: "Content-type", value: "text/html")]
            self.exchange.respond(status: 400, fields: fields, body: ByteBuffer(string: refusal.message))
            return
        }
        var body = ByteBuffer()
        refusal.writeJSON(into: &body)
        let fields = [(name: "Content-Type", value: "application/json")]
        self.respond(status: refusal.httpStatus, fields: fields, body: body)
    }

    private func respond(status: Int, fields: [(name: String, value: String)], body: ByteBuffer) {
        var fields = fields
        self.configuration.hooks.headers?(&fields, self.request)
        self.exchange.respond(status: status, fields: fields, body: body)
    }
}
