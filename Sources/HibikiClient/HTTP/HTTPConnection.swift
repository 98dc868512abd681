// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore
import NIOHTTP1

/// One connection, for one exchange after the other. It is closed when nobody holds it any more.
final class HTTPConnection: Sendable {
    private let channel: any Channel
    private let inbox: Inbox<HTTPClientResponsePart>

    private init(channel: any Channel, inbox: Inbox<HTTPClientResponsePart>) {
        self.channel = channel
        self.inbox = inbox
    }

    deinit {
        self.channel.close(promise: nil)
    }

    /// What is held of an answer that nobody reads: 256 KiB.
    private static let inboxBound = 1 << 18

    static func open(_ dialer: Dialer) async throws -> HTTPConnection {
        let inbox = Inbox<HTTPClientResponsePart>(bound: Self.inboxBound)
        let authority = dialer.url.authority
        let traffic = dialer.traffic
        return try await dialer.connect { channel in
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(HTTPRequestEncoder())
            try pipeline.addHandler(ByteToMessageHandler(HTTPResponseDecoder()))
            try pipeline.addHandler(HTTPExchangeHandler(authority: authority, inbox: inbox, traffic: traffic))
            return HTTPConnection(channel: channel, inbox: inbox)
        }
    }

    /// Whether another request may be sent: the server has neither closed nor said anything that was not asked.
    var isReusable: Bool {
        self.channel.isActive && self.inbox.isIdle
    }

    /// Sends a request and waits for the head of its answer.
    ///
    /// Cancelling closes the connection: an answer that nobody waits for would be taken for that of the next request.
    func send(_ request: HTTPRequest) async throws -> HTTPResponseHead {
        self.channel.writeAndFlush(request, promise: nil)
        guard case .head(let head)? = try await self.next() else {
            throw HibikiClientError.lost("the connection ended before an answer")
        }
        return head
    }

    /// The next bytes of the body, or `nil` at its end.
    func bytes() async throws -> ByteBuffer? {
        switch try await self.next() {
        case .body(let bytes): bytes
        case .head, .end, nil: nil
        }
    }

    /// The whole body.
    func body(limit: Int) async throws -> ByteBuffer {
        var body = ByteBuffer()
        while var bytes = try await self.bytes() {
            guard bytes.readableBytes <= limit - body.readableBytes else {
                self.close()
                throw HibikiClientError(.tooLarge, "the answer is above \(limit) bytes")
            }
            if body.readableBytes == 0 { body = bytes } else { body.writeBuffer(&bytes) }
        }
        return body
    }

    func close() {
        self.channel.close(promise: nil)
    }

    private func next() async throws -> HTTPClientResponsePart? {
        do {
            return try await self.inbox.next()
        } catch {
            self.close()
            throw error
        }
    }
}
