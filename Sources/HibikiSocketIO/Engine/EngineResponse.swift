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
    /// For hooks; `nil` if none of them wants it. The head itself is not kept: that would keep the connection's input.
    private let request: EngineRequest?
    private let isUpgrade: Bool

    init(to handling: EngineRequestHandling, version: EngineVersion) {
        self.exchange = handling.exchange
        self.connection = handling.connection
        self.configuration = handling.configuration
        self.version = version
        self.jsonp = handling.query.jsonp
        self.isBase64 = handling.isBase64
        self.request = handling.configuration.hooks.seeEveryRequest ? handling.request : nil
        self.isUpgrade = handling.isUpgrade
        self.coding = ContentCoding.allCases.first { handling.head.accepts(coding: $0.rawValue) }
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
        if let request = self.request { self.configuration.hooks.connectionError?(request, refusal) }
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
        if let request = self.request { self.configuration.hooks.headers?(&fields, request) }
        self.exchange.respond(status: status, fields: fields, body: body)
    }
}
