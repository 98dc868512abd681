// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore
import NIOHTTP1

/// Sends requests, one at a time, and puts what comes back into the inbox. Watches the time in between.
final class HTTPExchangeHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundIn = HTTPRequest
    typealias OutboundOut = HTTPClientRequestPart

    private let authority: String
    private let inbox: Inbox<HTTPClientResponsePart>
    private let traffic: SocketTraffic?
    /// What the running exchange is waiting for; `nil` between exchanges.
    private var waiting: (limit: TimeAmount, silence: TimeAmount, hasHead: Bool)?
    private var lastRead = NIODeadline.now()
    private var watch: Scheduled<Void>?

    init(authority: String, inbox: Inbox<HTTPClientResponsePart>, traffic: SocketTraffic?) {
        self.authority = authority
        self.inbox = inbox
        self.traffic = traffic
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        self.inbox.onDrained { channel.read() }
    }

    func channelActive(context: ChannelHandlerContext) {
        context.fireChannelActive()
        context.read()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let request = self.unwrapOutboundIn(data)
        self.traffic?.requested()
        self.waiting = (request.headLimit, request.silenceLimit, false)
        self.lastRead = .now()
        self.arm(context)
        context.write(self.wrapOutboundOut(.head(request.head(authority: self.authority))), promise: nil)
        if let body = request.body { context.write(self.wrapOutboundOut(.body(.byteBuffer(body))), promise: nil) }
        context.write(self.wrapOutboundOut(.end(nil)), promise: promise)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.lastRead = .now()
        let part = self.unwrapInboundIn(data)
        switch part {
        case .head:
            if let waiting { self.waiting = (waiting.silence, waiting.silence, true) }
            self.arm(context)
            self.inbox.put(part, weight: 1_024)
        case .body(let bytes):
            self.inbox.put(part, weight: bytes.readableBytes + 64)
        case .end:
            self.waiting = nil
            self.arm(context)
            self.inbox.put(part, weight: 64)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if self.inbox.wantsMore() { context.read() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.finish(.lost("the server closed the connection"))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case HTTPParserError.invalidEOFState:
            self.finish(.lost("the connection ended in the middle of an answer"))
        case is HTTPParserError:
            self.finish(.invalidAnswer("the answer is not HTTP/1.1: \(error)"))
        default:
            self.finish(.lost("the connection broke: \(error)"))
        }
        context.close(promise: nil)
    }

    private func finish(_ error: HibikiClientError) {
        self.waiting = nil
        self.watch?.cancel()
        self.watch = nil
        self.inbox.end(.failure(error))
    }

    // MARK: Time

    private func arm(_ context: ChannelHandlerContext) {
        self.watch?.cancel()
        self.watch = nil
        guard let waiting else { return }
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        self.watch = context.eventLoop.scheduleTask(deadline: self.lastRead + waiting.limit) {
            let (handler, context) = bound.value
            handler.timeHasPassed(context)
        }
    }

    private func timeHasPassed(_ context: ChannelHandlerContext) {
        guard let waiting else { return }
        // Who has stopped reading cannot complain about silence.
        if self.inbox.isPaused { self.lastRead = .now() }
        guard self.lastRead + waiting.limit <= .now() else { return self.arm(context) }
        let what = waiting.hasHead ? "the answer stopped for" : "no answer within"
        self.finish(.timedOut("\(what) \(waiting.limit.words)"))
        context.close(promise: nil)
    }
}

@available(*, unavailable)
extension HTTPExchangeHandler: Sendable {}
