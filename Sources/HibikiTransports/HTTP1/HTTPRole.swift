// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire
import NIOCore

/// A connection that speaks HTTP/1.1 (RFC 9112), from its start until it is upgraded or ends; or a stream of HTTP/2, which has one request.
///
/// Requests are answered one after the other: what a client has pipelined waits in the connection. So order needs no
/// queue, and any request may upgrade, not only the first.
final class HTTPRole: ConnectionRole {
    enum State {
        /// Between requests, or in the middle of a head.
        case head
        case body(HTTPExchange, BodyTaker, BodyReader, since: NIODeadline)
        /// Somebody works on the response, and takes the body as it comes.
        case flow(HTTPExchange, BodyFlow, BodyReader)
        /// Somebody works on the response.
        case responding(HTTPExchange)
        case over
    }

    /// Who gets the body of a request.
    enum BodyTaker {
        case service(RequestHead)
        case route(any BodyReceiver)
    }

    /// How long a connection without a request is kept open when the server is about to stop.
    static let lastWait = TimeAmount.seconds(1)

    private let routes: HotRoutes
    /// `nil` for a stream, whose head comes with ``begin(_:isWhole:on:)``.
    private var parser: RequestHeadParser?
    var state = State.head
    private(set) var isHeadBegun = true
    /// What the connection has left for requests: made with the first of them that counts, because most connections become something else.
    private var buckets: SharedBuckets?

    var kind: ConnectionKind? { .http }

    init(routes: HotRoutes, configuration: TransportConfiguration.HTTP) {
        self.routes = routes
        self.parser = RequestHeadParser(maximumBytes: configuration.headBytes, maximumFields: configuration.headFields)
    }

    /// The role of a stream.
    ///
    /// - Parameter buckets: those of its connection, which all of its streams share.
    init(stream routes: HotRoutes, buckets: SharedBuckets) {
        self.routes = routes
        self.buckets = buckets
    }

    /// Who pays for a request. What many clients share is nobody's own.
    func budget(on connection: Connection) -> RequestBudget {
        let budgets = connection.loop.hub.budgets
        if self.buckets == nil, budgets.isOn, !connection.isShared { self.buckets = SharedBuckets() }
        return RequestBudget(
            connection: connection.isShared ? nil : self.buckets, address: connection.addressBuckets, budgets)
    }

    private var isStream: Bool { self.parser == nil }

    // MARK: Reading

    func receive(_ input: inout ByteBuffer, on connection: Connection) {
        // A client that sends requests without reading the answers has to wait.
        while input.readableBytes > 0, connection.isWritable || self.isStream {
            do throws(RequestRefusal) {
                guard try self.advance(&input, on: connection) else { return }
            } catch {
                self.refuse(error, on: connection)
                return
            }
        }
    }

    /// - Returns: whether there may be more to do with the input.
    private func advance(_ input: inout ByteBuffer, on connection: Connection) throws(RequestRefusal) -> Bool {
        switch self.state {
        case .head:
            self.parser?.skipEmptyLines(&input)
            guard input.readableBytes > 0 else { return false }
            self.headBegins(on: connection)
            guard let head = try self.parser?.next(&input) else { return false }
            guard (head.minorVersion == 0 ? 0...1 : 1...1).contains(head.count("host")) else {
                throw .badRequest("a request has exactly one Host")
            }
            try self.begin(head, hasBody: nil, on: connection)
            return true
        case .body(let exchange, let taker, var reader, let since):
            // The reader alone holds its buffer while it reads, or each read would copy what has come so far.
            self.state = .over
            let isComplete: Bool
            do throws(RequestRefusal) {
                isComplete = try reader.read(&input)
            } catch {
                if case .route(let receiver) = taker {
                    receiver.bodyFailed(error == .bodyTooLarge ? .tooLong : .broken)
                }
                throw error
            }
            self.state = .body(exchange, taker, reader, since: since)
            guard isComplete else { return false }
            self.hand(reader.body, to: taker, exchange, on: connection)
            return true
        case .flow(let exchange, let flow, let reader):
            return try self.advance(exchange, flow, reader, &input, on: connection)
        case .responding, .over:
            return false
        }
    }

    private func hand(_ body: ByteBuffer, to taker: BodyTaker, _ exchange: HTTPExchange, on connection: Connection) {
        switch taker {
        case .service(let head):
            self.serve(head, exchange, body: body, on: connection)
        case .route(let receiver):
            self.state = .responding(exchange)
            connection.setDeadline(after: connection.loop.configuration.http.idleTimeout)
            receiver.received(body: body)
        }
    }

    /// The request of a stream.
    ///
    /// - Parameter isWhole: no body follows.
    func begin(_ head: RequestHead, isWhole: Bool, on connection: Connection) {
        connection.inTurn {
            do throws(RequestRefusal) {
                try self.begin(head, hasBody: !isWhole, on: connection)
            } catch {
                self.refuse(error, on: connection)
            }
        }
    }

    /// The body of a stream's request is complete.
    func bodyEnds(on connection: Connection) {
        switch self.state {
        case .body(let exchange, let taker, let reader, _):
            connection.inTurn { self.hand(reader.body, to: taker, exchange, on: connection) }
        case .flow(_, let flow, _) where connection.hasHeldInput:
            flow.isLastHeld = true
        case .flow(let exchange, let flow, _):
            self.endFlow(exchange, flow, on: connection)
        case .head, .responding, .over:
            break
        }
    }

    private func headBegins(on connection: Connection) {
        guard !self.isHeadBegun else { return }
        self.isHeadBegun = true
        connection.setDeadline(after: connection.loop.configuration.http.headTimeout)
    }

    /// - Parameter hasBody: whether a body follows; `nil` where the head says that.
    private func begin(_ head: RequestHead, hasBody: Bool?, on connection: Connection) throws(RequestRefusal) {
        self.isHeadBegun = false
        try connection.identify(head)
        let exchange = HTTPExchange(head, role: self, connection: connection)
        connection.life.messagesIn &+= 1
        let route = self.routes.route(for: head)
        guard !connection.isLeaving || route?.outlivesFarewell == true else { throw .shuttingDown }
        if let route {
            exchange.label = route.label
            connection.life.route = exchange.label
            exchange.outlivesFarewell = route.outlivesFarewell
            try self.serve(head, exchange, route, hasBody: hasBody, on: connection)
            return
        }
        exchange.label = self.routes.label(of: head.path)
        connection.life.route = exchange.label
        let flows = self.routes.flows(head)
        let limit = flows ? Int.max : connection.loop.configuration.http.bodyBytes
        let framing = try BodyFraming(head, limit: limit, hasBody: hasBody)
        guard framing != .none else {
            self.serve(head, exchange, body: ByteBuffer(), on: connection)
            return
        }
        guard !flows else {
            try self.checkExpectations(head)
            self.beginFlow(head, exchange, framing, on: connection)
            return
        }
        try self.expect(head, on: connection)
        self.state = .body(exchange, .service(head), BodyReader(framing, limit: limit), since: .now())
        connection.setDeadline(after: connection.loop.configuration.http.headTimeout)
    }

    private func serve(
        _ head: RequestHead, _ exchange: HTTPExchange, _ route: HotRoute, hasBody: Bool?, on connection: Connection
    ) throws(RequestRefusal) {
        // The route says how long a body may be, once it has looked at the head. A stream that stays open and announces no
        // body is one of a client that will close it later, or a WebSocket.
        let announced = self.isStream && !route.takesBody ? nil : hasBody
        let framing = try BodyFraming(head, limit: .max, hasBody: announced)
        guard framing == .none || route.takesBody else { throw .badRequest("this request has no body") }
        self.state = .responding(exchange)
        connection.setDeadline(after: connection.loop.configuration.http.idleTimeout)
        exchange.hasUnreadBody = framing != .none
        route.serve(head, exchange, connection)
        guard let (receiver, limit) = exchange.takeBodyReceiver() else { return }
        guard framing != .none else {
            receiver.received(body: ByteBuffer())
            return
        }
        do throws(RequestRefusal) {
            try self.expect(head, on: connection)
            let reader = BodyReader(try BodyFraming(head, limit: limit, hasBody: hasBody), limit: limit)
            exchange.hasUnreadBody = false
            self.state = .body(exchange, .route(receiver), reader, since: .now())
            connection.setDeadline(after: connection.loop.configuration.http.headTimeout)
        } catch {
            receiver.bodyFailed(error == .bodyTooLarge ? .tooLong : .broken)
            throw error
        }
    }

    /// RFC 9110 §10.1.1.
    private func expect(_ head: RequestHead, on connection: Connection) throws(RequestRefusal) {
        guard head.has("expect") else { return }
        try self.checkExpectations(head)
        self.sendContinue(head, on: connection)
    }

    private func checkExpectations(_ head: RequestHead) throws(RequestRefusal) {
        guard head.values("expect").allSatisfy({ $0.lowercased() == "100-continue" }) else {
            throw RequestRefusal(status: 417, message: "the only expectation that is understood is 100-continue")
        }
    }

    func sendContinue(_ head: RequestHead, on connection: Connection) {
        if let stream = connection.stream {
            stream.write(status: 100, fields: [])
            connection.markDirty()
        } else if head.minorVersion == 1 {
            connection.write { $0.writeStaticString("HTTP/1.1 100 Continue\r\n\r\n") }
        }
    }

    // MARK: Answering

    private func serve(_ head: RequestHead, _ exchange: HTTPExchange, body: ByteBuffer, on connection: Connection) {
        self.state = .responding(exchange)
        connection.setDeadline(after: connection.loop.configuration.http.idleTimeout)
        self.launch(head, exchange, body: body, flow: nil, on: connection)
    }

    func launch(
        _ head: RequestHead, _ exchange: HTTPExchange, body: ByteBuffer, flow: HTTPRequestBody?,
        on connection: Connection
    ) {
        var request = HTTPRequestMessage(
            method: exchange.isHead ? "GET" : head.method, target: head.target, authority: head.host ?? "",
            fields: head.allFields, body: ByteBuffer(bytes: body.readableBytesView),
            remoteAddress: connection.remoteAddress, scheme: connection.scheme, connection: connection.id.description,
            budget: self.budget(on: connection)
        )
        request.flow = flow
        request.isHead = exchange.isHead
        let writer = HTTPResponseWriter(exchange, eventLoop: connection.loop.eventLoop)
        let service = self.routes.service
        Task { [request] in
            await service.respond(to: request, with: writer)
            await writer.finish {
                ErrorBody.make(WireError(.internalError, "the request was not answered; this is a fault of the server"))
            }
        }
    }

    /// A response is complete: on to the next request.
    func finished(_ exchange: HTTPExchange, on connection: Connection) {
        // Answered before its body has come, which nobody can tell from a next request.
        if case .body(let current, _, _, _) = self.state, current === exchange {
            self.state = .over
            connection.closeGracefully()
            return
        }
        if case .flow(let current, let flow, _) = self.state, current === exchange {
            self.state = .over
            flow.fail()
            connection.closeGracefully()
            return
        }
        guard case .responding(let current) = self.state, current === exchange else { return }
        guard exchange.staysOpen else {
            self.state = .over
            connection.closeGracefully()
            return
        }
        self.state = .head
        let configuration = connection.loop.configuration.http
        connection.setDeadline(after: connection.isLeaving ? Self.lastWait : configuration.idleTimeout)
        connection.flushAndProceed()
    }

    func refuse(_ refusal: RequestRefusal, on connection: Connection) {
        self.giveUpBody()
        self.state = .over
        connection.loop.counters.refuse(refusal.status)
        let farewell = refusal == .shuttingDown ? connection.loop.farewell?.retryAfter : nil
        connection.refuse(
            WireError(refusal), status: refusal.status, fields: farewell.map { [$0] } ?? refusal.fields)
    }
}

@available(*, unavailable)
extension HTTPRole: Sendable {}
