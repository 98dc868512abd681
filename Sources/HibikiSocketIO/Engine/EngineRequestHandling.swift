// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiSocketIOCodec
import HibikiTransports
import HibikiWebSocketCodec
import NIOCore

/// One request to the path of an engine: the checks, in the order of the original, and then whoever it is for.
struct EngineRequestHandling {
    let server: EngineServer
    let head: RequestHead
    let exchange: HTTPExchange
    let connection: Connection
    let query: EngineQuery
    let isUpgrade: Bool

    init(_ server: EngineServer, _ head: RequestHead, _ exchange: HTTPExchange, _ connection: Connection) {
        self.server = server
        self.head = head
        self.exchange = exchange
        self.connection = connection
        self.query = EngineQuery(head.query)
        self.isUpgrade = head.list("upgrade", contains: "websocket")
    }

    var configuration: EngineConfiguration { self.server.configuration }
    var isBase64: Bool { self.query.wantsBase64 || self.query.jsonp != nil }

    /// Copies every field, so it is made for handshakes and hooks only.
    var request: EngineRequest {
        var request = EngineRequest(
            method: self.head.method, url: self.head.target, query: self.query.parameters,
            headers: self.head.allFields.map { ($0.name.lowercased(), $0.value) },
            address: self.connection.remoteAddress, isSecure: self.connection.scheme == .https,
            issued: self.connection.loop.timestamp.milliseconds
        )
        request.connection = self.connection.id.description
        return request
    }

    func response(version: EngineVersion = .v4) -> EngineResponse {
        EngineResponse(to: self, version: version)
    }

    func refuse(_ refusal: EngineRefusal) {
        self.response().refuse(refusal)
    }

    func serve() {
        let origins = self.head.values("origin")
        let isAllowed = self.admit(origins)
        guard self.head.method != "OPTIONS" || !isAllowed || !self.answerPreflight(origins) else { return }
        let session = self.query.sid.flatMap { self.server.session($0) }
        session?.catchUp(at: .now())
        let decision = self.server.verification.check(
            self.query, method: self.head.method, isUpgrade: self.isUpgrade, origins: origins,
            session: session?.verified
        )
        switch decision {
        case .refuse(let refusal):
            self.refuse(refusal)
        case _ where !isAllowed:
            self.refuse(.forbidden("pages of this origin may not use this server"))
        case .newSession where self.connection.isLeaving:
            self.exchange.refuseBecauseOfStop()
        case .newSession(let transport):
            guard self.exchange.spend(Spending(joins: 1), by: .anonymous) else { return }
            self.handshake(transport)
        case .poll:
            if let session { self.poll(session) } else { self.refuse(.sessionUnknown) }
        case .upgrade:
            if let session { self.upgrade(session) } else { self.refuse(.sessionUnknown) }
        }
    }

    // MARK: Origins

    /// Adds what CORS wants to whatever the response will be.
    ///
    /// - Returns: whether the page that asks may.
    private func admit(_ origins: [String]) -> Bool {
        if let cors = self.configuration.cors {
            self.exchange.extraFields += cors.fields(for: origins.first)
            return !cors.refusesOthers || origins.count < 2 && origins.allSatisfy { cors.allows($0) }
        }
        let policy = self.connection.loop.configuration.origins
        switch policy.verdict(origins: origins, host: self.head.host, scheme: self.connection.scheme) {
        case .sameOrigin:
            return true
        case .allowed(let origin, let withCredentials):
            self.exchange.extraFields += OriginPolicy.responseFields(for: origin, withCredentials: withCredentials)
            return true
        case .refused:
            return false
        }
    }

    /// - Returns: whether there was one to answer. Without CORS the original takes it for a bad handshake.
    private func answerPreflight(_ origins: [String]) -> Bool {
        guard let origin = origins.first else { return false }
        let cors = self.configuration.cors ?? CORS(origins: .only([origin]))
        let asked = self.head.first("access-control-request-headers")
        self.exchange.extraFields = cors.preflightFields(for: origin, asking: asked)
        self.exchange.respond(status: 204, fields: [], body: ByteBuffer())
        return true
    }

    // MARK: Sessions that exist

    private func poll(_ session: EngineSession) {
        let response = self.response(version: session.version)
        let eventLoop = self.connection.loop.eventLoop
        switch self.head.method {
        case "GET":
            session.poll(PollRequest(response, stamp: self.query["t"]), on: eventLoop)
        case "POST":
            let isBinary = self.head.list("content-type", contains: "application/octet-stream")
            session.post(PostRequest(response, stamp: self.query["t"], isBinary: isBinary), on: eventLoop)
        default:
            response.send(status: 500)
        }
    }

    private func upgrade(_ session: EngineSession) {
        do throws(EngineRefusal) {
            try self.acceptWebSocket(begins: false) { session }
        } catch {
            self.refuse(error)
        }
    }

    // MARK: New sessions

    private func handshake(_ transport: EngineTransport) {
        let hooks = self.configuration.hooks
        guard hooks.allowRequest != nil || hooks.generateID != nil else {
            self.begin(transport, id: self.server.ids.next())
            return
        }
        let bound = NIOLoopBound(self, eventLoop: self.connection.loop.eventLoop)
        let request = self.request
        let id = self.server.ids.next()
        Task {
            do {
                try await hooks.allowRequest?(request)
            } catch {
                let refusal = (error as? EngineRefusal) ?? .forbidden()
                bound.onLoop { $0.refuse(refusal) }
                return
            }
            do {
                let id = try await hooks.generateID?(request) ?? id
                bound.onLoop { $0.begin(transport, id: id) }
            } catch {
                bound.onLoop { $0.refuse(.badRequest(.idGenerationError)) }
            }
        }
    }

    private func begin(_ transport: EngineTransport, id: String) {
        guard !self.exchange.isDone else { return }
        do throws(EngineRefusal) {
            let version = try self.server.verification.version(of: self.query)
            switch transport {
            case .polling:
                try self.beginPolling(id, version)
            default:
                try self.acceptWebSocket(begins: true) { () throws(EngineRefusal) in
                    try self.makeSession(id, version, transport)
                }
            }
        } catch {
            self.refuse(error)
        }
    }

    private func makeSession(
        _ id: String, _ version: EngineVersion, _ transport: EngineTransport
    ) throws(EngineRefusal) -> EngineSession {
        let session = self.server.makeSession(
            id: id, version: version, request: self.request, addressBuckets: self.connection.addressBuckets,
            transport: transport, isBase64: self.isBase64, loop: self.connection.loop
        )
        guard let session else { throw .badRequest(.idGenerationError) }
        return session
    }

    private func beginPolling(_ id: String, _ version: EngineVersion) throws(EngineRefusal) {
        let session = try self.makeSession(id, version, .polling)
        var fields = self.configuration.cookie.map { [(name: "Set-Cookie", value: $0.text(id))] } ?? []
        self.configuration.hooks.initialHeaders?(&fields, self.request)
        // Before the response: with it the client may send at once, to another event loop.
        self.server.start(session)
        self.response(version: version).send(session.opening, fields: fields)
    }

    /// - Parameter session: is asked for only when the handshake is a good one.
    private func acceptWebSocket(
        begins: Bool, session: () throws(EngineRefusal) -> EngineSession
    ) throws(EngineRefusal) {
        var configuration = self.connection.loop.configuration.webSocket
        configuration.limits.messageBytes = self.configuration.maxPayload
        configuration.compression = self.configuration.perMessageDeflate
        configuration.sendsPings = false
        // As the original's library does: the first subprotocol that is offered.
        let offered = self.head.first("sec-websocket-protocol")?.split(separator: ",").first.map(String.init)
        let subprotocols = offered.map { [$0.filter { $0 != " " }] } ?? []
        switch WebSocketEndpoint.answer(self.head, subprotocols: subprotocols, configuration: configuration) {
        case .refuse:
            throw .badRequest(.transportHandshakeError)
        case .accept(let acceptance):
            let socket = EngineSocket(
                try session(), loopNumber: self.connection.loop.members.number, agreement: acceptance.agreement,
                begins: begins
            )
            var fields: [(name: String, value: String)] = []
            if self.query.sid == nil {
                self.configuration.hooks.initialHeaders?(&fields, self.request)
            }
            self.configuration.hooks.headers?(&fields, self.request)
            WebSocketEndpoint.upgrade(
                self.connection, acceptance, configuration: configuration, fields: fields, application: socket
            )
        }
    }
}

extension EngineConfiguration.Cookie {
    /// The value of a `Set-Cookie` field (RFC 6265 §4.1).
    func text(_ value: String) -> String {
        var text = "\(self.name)=\(value); Path=\(self.path)"
        if let maxAge = self.maxAge { text += "; Max-Age=\(maxAge.nanoseconds / 1_000_000_000)" }
        if self.isHTTPOnly { text += "; HttpOnly" }
        if self.isSecure { text += "; Secure" }
        if let sameSite = self.sameSite { text += "; SameSite=\(sameSite.rawValue)" }
        return text
    }
}
