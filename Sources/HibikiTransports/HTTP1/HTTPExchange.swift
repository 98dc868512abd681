// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

package import HibikiMessaging
import HibikiWire
package import NIOCore

/// Something that answers a request later, on the event loop of its connection.
package protocol ExchangeWaiter: AnyObject {
    /// The deadline that it has set on the connection has passed.
    func deadlinePassed()

    /// The server is about to stop: answer soon. The answer will say when to come back.
    func shutDown(_ farewell: Farewell)

    /// The connection is gone.
    func cancel()

    /// Adds what it knows about who waits.
    func describe(in record: inout ConnectionRecord)

    /// Whoever runs the server wants the connection to end: answer now. The connection ends with the answer.
    func dismiss(_ dismissal: Dismissal)

    /// Whoever runs the server wants the client to follow a topic no longer. Says whether it did.
    func unsubscribe(from topic: Topic) -> Bool
}

extension ExchangeWaiter {
    package func describe(in record: inout ConnectionRecord) {}
    package func dismiss(_ dismissal: Dismissal) {}
    package func unsubscribe(from topic: Topic) -> Bool { false }
}

/// Something that gets the body of a request, on the event loop of its connection.
package protocol BodyReceiver: AnyObject {
    /// The whole body. The exchange is to be answered.
    func received(body: ByteBuffer)

    /// There is no body. The client has been answered, or is gone.
    func bodyFailed(_ failure: BodyFailure)
}

/// Why a body is not handed over.
package enum BodyFailure {
    /// It is longer than it may be.
    case tooLong
    /// It is none, or does not come.
    case broken
}

/// One request and its response. Knows how far the response is, so that nothing is sent twice or after its end.
package final class HTTPExchange {
    private enum State: Equatable {
        case waiting
        case body(isChunked: Bool)
        case done
    }

    package let isHead: Bool
    /// What its answer is counted under.
    var label = RequestLabel.none
    let isOldVersion: Bool
    private(set) var keepsAlive: Bool
    /// What CORS and the like add to whatever the response is.
    package var extraFields: [(name: String, value: String)] = []
    /// Whether the connection goes on after the server has begun to stop; see ``HotRoute/outlivesFarewell``.
    var outlivesFarewell = false
    /// What works on the response, if it is something that can be hurried.
    package var waiter: (any ExchangeWaiter)?
    /// Whether a body follows the head that nobody has asked for yet.
    var hasUnreadBody = false {
        didSet { if self.hasUnreadBody { self.keepsAlive = false } else { self.keepsAlive = self.wantsKeepAlive } }
    }
    private let wantsKeepAlive: Bool
    /// A stream has one exchange, and ends with it.
    private let isStream: Bool
    private var bodyReceiver: (any BodyReceiver, limit: Int)?
    private var state = State.waiting
    /// Until the response is complete or nobody waits for it. Not weak, because counting references to what has weak ones
    /// costs several times as much.
    private var role: HTTPRole?
    private let connection: Connection

    init(_ head: RequestHead, role: HTTPRole, connection: Connection) {
        self.isHead = head.method == "HEAD"
        self.isOldVersion = head.minorVersion == 0
        self.wantsKeepAlive =
            connection.stream == nil
            && (head.minorVersion == 1
                ? !head.list("connection", contains: "close") : head.list("connection", contains: "keep-alive"))
        self.keepsAlive = self.wantsKeepAlive
        self.isStream = connection.stream != nil
        self.role = role
        self.connection = connection
    }

    /// Has the body of the request read. To be called by a route before it returns, instead of an answer.
    ///
    /// - Parameter limit: bytes; a longer body is answered with 413.
    package func receiveBody(limit: Int, _ receiver: any BodyReceiver) {
        self.bodyReceiver = (receiver, limit)
    }

    /// Lets the connection end with the response.
    package func endConnection() {
        self.keepsAlive = false
    }

    func takeBodyReceiver() -> (any BodyReceiver, limit: Int)? {
        defer { self.bodyReceiver = nil }
        return self.bodyReceiver
    }

    /// How the client has reached the server, if that is known.
    var scheme: RequestScheme? { self.connection.scheme }

    /// Who pays for the request; `nil` once it has been answered.
    package var budget: RequestBudget? { self.role?.budget(on: self.connection) }

    package var isDone: Bool { self.state == .done }

    /// Whether a part of the response has been sent.
    var hasBegun: Bool { self.state != .waiting }

    /// Whether another request may follow on the connection.
    var staysOpen: Bool { self.keepsAlive && (self.outlivesFarewell || !self.connection.isLeaving) }

    /// Sends a whole response and lets the connection go on to its next request.
    package func respond(status: Int, fields: [(name: String, value: String)], body: ByteBuffer) {
        guard self.state == .waiting else { return }
        self.countAnswer(status)
        if status == 429, self.budget?.isExhausted(at: .now()) == true { self.keepsAlive = false }
        let hasBody = Self.mayHaveBody(status)
        let head = self.head(status, fields, hasBody ? .length(body.readableBytes) : .none)
        self.connection.write(head, body: hasBody && !self.isHead ? body : nil)
        self.complete()
    }

    /// Answers that the server is about to stop, and when to come back; the connection ends.
    package func refuseBecauseOfStop() {
        self.keepsAlive = false
        let farewell = self.connection.loop.farewell?.retryAfter
        self.refuse(WireError(RequestRefusal.shuttingDown), fields: farewell.map { [$0] } ?? [])
    }

    func begin(status: Int, fields: [(name: String, value: String)], length: Int?) {
        guard self.state == .waiting else { return }
        guard Self.mayHaveBody(status) else {
            self.respond(status: status, fields: fields, body: ByteBuffer())
            return
        }
        self.countAnswer(status)
        let framing = length.map { ResponseHead.Framing.length($0) } ?? self.openFraming
        if framing == .end { self.keepsAlive = false }
        self.connection.write(self.head(status, fields, framing))
        self.state = .body(isChunked: framing == .chunked)
        self.connection.flushNow()
    }

    func write(_ part: ByteBuffer) -> EventLoopFuture<Void> {
        let eventLoop = self.connection.loop.eventLoop
        guard case .body(let isChunked) = self.state, !self.connection.isClosing else {
            return eventLoop.makeFailedFuture(HTTPConnectionClosed())
        }
        guard part.readableBytes > 0, !self.isHead else { return eventLoop.makeSucceededVoidFuture() }
        self.connection.write { output in
            if isChunked {
                output.writeChunk(part)
            } else {
                output.writeImmutableBuffer(part)
            }
        }
        self.connection.flushNow()
        return self.connection.whenWritable()
    }

    func end() {
        guard case .body(let isChunked) = self.state else { return }
        if isChunked, !self.isHead {
            self.connection.write { $0.writeStaticString("0\r\n\r\n") }
        }
        self.complete()
    }

    func finish(_ fallback: () -> ByteBuffer) {
        switch self.state {
        case .waiting:
            let fields = [(name: "Content-Type", value: "application/json")]
            self.respond(status: 500, fields: fields, body: fallback())
        case .body:
            self.connection.close()
        case .done:
            break
        }
    }

    private func countAnswer(_ status: Int) {
        self.connection.loop.counters.answer(self.label, status)
        self.connection.life.messagesOut &+= 1
    }

    /// How the body of a response is framed whose length is not known.
    var openFraming: ResponseHead.Framing { self.isOldVersion || self.isStream ? .end : .chunked }

    private func head(
        _ status: Int, _ fields: [(name: String, value: String)], _ framing: ResponseHead.Framing
    ) -> ResponseHead {
        var head = ResponseHead(status: status, fields: fields, extraFields: self.extraFields, framing: framing)
        if !self.staysOpen {
            head.persistence = .close
        } else if self.isOldVersion {
            head.persistence = .keepAlive
        }
        return head
    }

    /// The connection is gone, or has become something else.
    func cancel() {
        let waiter = self.waiter
        self.state = .done
        self.waiter = nil
        self.role = nil
        waiter?.cancel()
    }

    /// What stands after the head of a response with one of these statuses would be taken for the next response (RFC 9112 §6.3).
    private static func mayHaveBody(_ status: Int) -> Bool {
        status >= 200 && status != 204 && status != 304
    }

    private func complete() {
        self.state = .done
        self.waiter = nil
        let role = self.role
        self.role = nil
        role?.finished(self, on: self.connection)
    }
}

@available(*, unavailable)
extension HTTPExchange: Sendable {}
