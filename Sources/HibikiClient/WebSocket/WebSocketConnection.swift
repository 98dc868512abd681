// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiWebSocketCodec
public import NIOCore

/// An open WebSocket. It is closed when nobody holds it any more; ``close(code:reason:limit:)`` says goodbye first.
public final class WebSocketConnection: Sendable {
    /// What the server chose of the subprotocols that were offered.
    public let subprotocol: String?
    private let channel: any Channel
    private let state: State

    /// Outlives the connection's handle as long as the event loop needs it.
    final class State: Sendable {
        let inbox: Inbox<WebSocketMessage>
        let closure = Inbox<WebSocketClosure>(bound: .max)
        let link = LinkBox()

        init(unreadBytes: Int) {
            self.inbox = Inbox(bound: unreadBytes)
        }
    }

    init(channel: any Channel, subprotocol: String?, state: State) {
        self.channel = channel
        self.subprotocol = subprotocol
        self.state = state
    }

    deinit {
        self.channel.close(promise: nil)
    }

    /// The messages of the server, each given once, whoever asks.
    ///
    /// While nobody takes them the socket is read no further, so the server's own bounds take effect;
    /// pings wait too. The sequence ends with the connection, and throws if that ended without a closing handshake.
    public var messages: Messages {
        Messages(connection: self)
    }

    public struct Messages: AsyncSequence, Sendable {
        public typealias Element = WebSocketMessage

        let connection: WebSocketConnection

        public struct AsyncIterator: AsyncIteratorProtocol {
            let connection: WebSocketConnection

            public mutating func next() async throws -> WebSocketMessage? {
                try await self.connection.state.inbox.next()
            }
        }

        public func makeAsyncIterator() -> AsyncIterator {
            AsyncIterator(connection: self.connection)
        }
    }

    /// Sends a text message, and returns when it has been handed to the system.
    ///
    /// - Throws: ``HibikiClientError/Code/closed`` once the closing has begun.
    public func send(text: String) async throws {
        try await self.send(.text(ByteBuffer(string: text)))
    }

    /// Sends a binary message, and returns when it has been handed to the system.
    public func send(binary: ByteBuffer) async throws {
        try await self.send(.binary(binary))
    }

    /// Sends a message; a text must be UTF-8.
    public func send(_ message: WebSocketMessage) async throws {
        try await self.onLoop { link, promise in link.send(message, promise: promise) }
    }

    /// Sends a ping and waits for its pong. While messages wait unread no pong can be read either.
    public func ping() async throws {
        try await self.onLoop { link, promise in link.ping(promise) }
    }

    /// Closes: sends a close frame, waits for the server's, and then for the end of the connection. Messages that were
    /// not read are lost. A second call waits for the same end.
    ///
    /// - Parameters:
    ///   - reason: cut at 123 bytes.
    ///   - limit: how long the server has; 10 s by default. Then the connection is cut, and the code is 1006.
    @discardableResult
    public func close(
        code: WebSocketCloseCode = .normalClosure, reason: String = "", limit: TimeAmount = .seconds(10)
    ) async throws -> WebSocketClosure {
        let link = self.state.link
        self.channel.eventLoop.execute {
            link.handler?.close(WebSocketCloseFrame(code: code, reason: reason), limit: limit)
        }
        self.state.inbox.discard()
        return try await self.closure
    }

    /// How the connection ended; waits until it has.
    public var closure: WebSocketClosure {
        get async throws {
            let closure = try await self.state.closure.next() ?? WebSocketClosure(code: .abnormalClosure)
            // For the next who asks.
            self.state.closure.put(closure, weight: 0)
            return closure
        }
    }

    /// Ends the connection at once, without a closing handshake.
    public func cut() {
        self.channel.close(promise: nil)
    }

    private func onLoop(
        _ body: @escaping @Sendable (WebSocketHandler, EventLoopPromise<Void>) -> Void
    ) async throws {
        let promise = self.channel.eventLoop.makePromise(of: Void.self)
        let link = self.state.link
        self.channel.eventLoop.execute {
            guard let handler = link.handler else {
                return promise.fail(HibikiClientError(.closed, "the WebSocket is closed"))
            }
            body(handler, promise)
        }
        do {
            try await promise.futureResult.get()
        } catch let error as HibikiClientError {
            throw error
        } catch {
            throw HibikiClientError.lost("the connection broke: \(error)")
        }
    }
}

/// The way from a task to the handler.
///
/// `@unchecked`: `handler` is read and written on the channel's event loop only.
final class LinkBox: @unchecked Sendable {
    weak var handler: WebSocketHandler?
}

/// Puts messages into an inbox, for a task to take out.
final class InboxSink: WebSocketSink {
    private let state: WebSocketConnection.State

    init(_ state: WebSocketConnection.State) {
        self.state = state
    }

    func opened(_ link: WebSocketHandler) {
        guard let loop = link.eventLoop else { return }
        self.state.link.handler = link
        let box = self.state.link
        self.state.inbox.onDrained { loop.execute { box.handler?.resume() } }
    }

    func received(_ message: WebSocketMessage, on link: WebSocketHandler) {
        switch message {
        case .text(let bytes), .binary(let bytes): self.state.inbox.put(message, weight: bytes.readableBytes + 64)
        }
    }

    var wantsMore: Bool {
        self.state.inbox.wantsMore()
    }

    func closed(_ closure: WebSocketClosure) {
        if let failure = closure.failure {
            self.state.inbox.end(.failure(failure))
        } else {
            self.state.inbox.end(.success(()))
        }
        self.state.closure.put(closure, weight: 0)
    }
}
