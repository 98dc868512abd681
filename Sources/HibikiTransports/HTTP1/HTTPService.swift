// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

package import HibikiMessaging
public import NIOCore

/// Answers the requests that the front door does not answer itself: a router, in other words.
public protocol HTTPService: Sendable {
    /// Called in a task of its own. Whatever happens, the response has to be written; if the call returns
    /// without one, the client gets 500.
    func respond(to request: HTTPRequestMessage, with response: HTTPResponseWriter) async
}

/// A request, as far as the service wants it at once.
public struct HTTPRequestMessage: Sendable {
    public var method: String
    /// Whether it was HEAD, which the service sees as GET: the body of the answer is left out.
    public var isHead = false
    /// Path and query, as they were sent.
    public var target: String
    /// The host that the request is for, with its port if it has one.
    public var authority: String
    /// In their order, with names as they were written.
    public var fields: [(name: String, value: String)]
    /// The whole body; empty where there is a ``flow``.
    public var body: ByteBuffer
    /// The body as it comes, for a path that wants it so and a request that has one.
    public var flow: HTTPRequestBody?
    /// Whom the connection comes from, without the port.
    public var remoteAddress: String
    /// How the client has reached the server; `nil` if that is not known, because a proxy may stand in front that is not trusted.
    public var scheme: RequestScheme?
    /// The id of the connection, as the log has it; empty if there is none.
    public var connection: String
    /// Who pays for it; `nil` for a request that costs nothing.
    package var budget: RequestBudget?

    public init(
        method: String, target: String, authority: String, fields: [(name: String, value: String)], body: ByteBuffer,
        remoteAddress: String, scheme: RequestScheme? = nil, connection: String = ""
    ) {
        self.method = method
        self.target = target
        self.authority = authority
        self.fields = fields
        self.body = body
        self.remoteAddress = remoteAddress
        self.scheme = scheme
        self.connection = connection
    }

    init(
        method: String, target: String, authority: String, fields: [(name: String, value: String)], body: ByteBuffer,
        remoteAddress: String, scheme: RequestScheme?, connection: String, budget: RequestBudget
    ) {
        self.init(
            method: method, target: target, authority: authority, fields: fields, body: body,
            remoteAddress: remoteAddress, scheme: scheme, connection: connection)
        self.budget = budget
    }
}

/// The connection went away before the response was complete.
public struct HTTPConnectionClosed: Error {
    public init() {}
}

/// Writes one response. May be used from any thread.
public struct HTTPResponseWriter: Sendable {
    private let exchange: NIOLoopBound<HTTPExchange>
    private let eventLoop: any EventLoop

    init(_ exchange: HTTPExchange, eventLoop: any EventLoop) {
        self.exchange = NIOLoopBound(exchange, eventLoop: eventLoop)
        self.eventLoop = eventLoop
    }

    /// Sends a whole response.
    public func respond(status: Int, fields: [(name: String, value: String)], body: ByteBuffer) async throws {
        try await self.onLoop { $0.respond(status: status, fields: fields, body: body) }
    }

    /// Begins a response whose body comes in parts.
    ///
    /// - Parameter length: `nil` if it is not known; the body is chunked then.
    public func begin(status: Int, fields: [(name: String, value: String)], length: Int?) async throws {
        try await self.onLoop { $0.begin(status: status, fields: fields, length: length) }
    }

    /// Sends a part, and returns when there is room for another, so that a slow reader slows the writer down.
    public func write(_ part: ByteBuffer) async throws {
        try await self.eventLoop.flatSubmit { self.exchange.value.write(part) }.get()
    }

    /// Ends the body.
    public func end() async throws {
        try await self.onLoop { $0.end() }
    }

    /// Sends what `fallback` makes if nothing was sent yet, and cuts the connection if the response is half done.
    func finish(_ fallback: @escaping @Sendable () -> ByteBuffer) async {
        try? await self.onLoop { $0.finish(fallback) }
    }

    private func onLoop(_ body: @escaping @Sendable (HTTPExchange) throws -> Void) async throws {
        try await self.eventLoop.submit { try body(self.exchange.value) }.get()
    }
}
