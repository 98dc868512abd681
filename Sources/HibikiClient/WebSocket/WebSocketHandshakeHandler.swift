// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWebSocketCodec
import NIOCore
import NIOHTTP1

/// Asks for the upgrade, checks the answer, and makes room for the WebSocket.
final class WebSocketHandshakeHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    struct Plan {
        var authority: String
        var target: String
        var configuration: WebSocketClient.Configuration
        var key: String
        var traffic: SocketTraffic?
        var limit: TimeAmount
    }

    private let plan: Plan
    private let codec: [any RemovableChannelHandler]
    private let makeSink: () -> any WebSocketSink
    private var opened: EventLoopPromise<String?>?
    private var outcome: WebSocketHandshake.Outcome?
    private var refusal: HTTPResponseHead?
    private var refusalBody = ByteBuffer()
    private var timer: Scheduled<Void>?

    private static let refusalLimit = 1 << 14

    /// - Parameters:
    ///   - codec: the handlers that go when HTTP is over.
    ///   - opened: told the subprotocol.
    init(
        _ plan: Plan, codec: [any RemovableChannelHandler], opened: EventLoopPromise<String?>,
        makeSink: @escaping () -> any WebSocketSink
    ) {
        self.plan = plan
        self.codec = codec
        self.opened = opened
        self.makeSink = makeSink
    }

    private var handshake: WebSocketHandshake.Configuration {
        WebSocketHandshake.Configuration(
            subprotocols: self.plan.configuration.subprotocols, compression: self.plan.configuration.compression
        )
    }

    func channelActive(context: ChannelHandlerContext) {
        context.fireChannelActive()
        var headers = HTTPHeaders([("Host", self.plan.authority), ("User-Agent", "hibiki")])
        for field in WebSocketHandshake.requestHeaders(key: self.plan.key, self.handshake) {
            headers.add(name: field.name, value: field.value)
        }
        for field in self.plan.configuration.headers { headers.add(name: field.name, value: field.value) }
        self.plan.traffic?.requested()
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: self.plan.target, headers: headers)
        context.write(self.wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(self.wrapOutboundOut(.end(nil)), promise: nil)
        self.schedule(context)
        context.read()
    }

    /// Where there was no connection at all, nothing else comes.
    func handlerRemoved(context: ChannelHandlerContext) {
        self.fail(.lost("there was no connection"), context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch self.unwrapInboundIn(data) {
        case .head(let head):
            self.received(head, context)
        case .body(var bytes):
            guard self.refusal != nil, bytes.readableBytes <= Self.refusalLimit - self.refusalBody.readableBytes else {
                return
            }
            self.refusalBody.writeBuffer(&bytes)
        case .end:
            self.receivedEnd(context)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.read()
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.fail(.lost("the server closed the connection before it answered"), context)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case HTTPParserError.invalidEOFState:
            self.fail(.lost("the connection ended in the middle of the answer"), context)
        case is HTTPParserError:
            self.fail(HibikiClientError(.handshakeFailed, "the answer is not HTTP/1.1: \(error)"), context)
        default:
            self.fail(.lost("the connection broke: \(error)"), context)
        }
    }

    private func received(_ head: HTTPResponseHead, _ context: ChannelHandlerContext) {
        guard head.status.code == 101 else {
            self.refusal = head
            return
        }
        let response = WebSocketHandshake.Response(
            status: 101, upgrade: head.headers["Upgrade"], connection: head.headers["Connection"],
            accept: head.headers["Sec-WebSocket-Accept"], protocols: head.headers["Sec-WebSocket-Protocol"],
            extensions: head.headers["Sec-WebSocket-Extensions"]
        )
        do throws(WebSocketHandshake.Failure) {
            self.outcome = try WebSocketHandshake.check(response, key: self.plan.key, self.handshake)
        } catch {
            let message = "the server's answer opens no WebSocket: \(error.reason)"
            self.fail(HibikiClientError(.handshakeFailed, message, status: 101), context)
        }
    }

    private func receivedEnd(_ context: ChannelHandlerContext) {
        if let refusal { return self.refuse(refusal, context) }
        guard let outcome, let opened else { return }
        self.opened = nil
        self.timer?.cancel()
        do {
            let handler = WebSocketHandler(self.makeSink(), self.plan.configuration, outcome)
            let pipeline = context.pipeline.syncOperations
            try pipeline.addHandler(handler, position: .after(self))
            // The decoder goes a little later than it is told, and hands on what it holds of the first frames. Until
            // then it takes whatever is written for a request.
            let removals = self.codec.map { pipeline.removeHandler($0) }
            pipeline.removeHandler(context: context, promise: nil)
            let subprotocol = outcome.subprotocol
            EventLoopFuture.andAllSucceed(removals, on: context.eventLoop).assumeIsolated().whenComplete { result in
                handler.start()
                opened.completeWith(result.map { subprotocol })
            }
        } catch {
            opened.fail(error)
            context.close(promise: nil)
        }
    }

    private func refuse(_ head: HTTPResponseHead, _ context: ChannelHandlerContext) {
        do throws(HibikiClientError) {
            try HTTPClient.check(head, self.refusalBody)
            let message = "the server answered \(head.status.code) instead of opening a WebSocket"
            throw HibikiClientError(.handshakeFailed, message, status: Int(head.status.code))
        } catch {
            self.fail(error, context)
        }
    }

    private func fail(_ error: HibikiClientError, _ context: ChannelHandlerContext) {
        self.timer?.cancel()
        guard let opened else { return }
        self.opened = nil
        opened.fail(error)
        context.close(promise: nil)
    }

    private func schedule(_ context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        self.timer = context.eventLoop.scheduleTask(in: self.plan.limit) {
            let (handler, context) = bound.value
            handler.fail(.timedOut("no WebSocket within \(handler.plan.limit.words)"), context)
        }
    }
}

@available(*, unavailable)
extension WebSocketHandshakeHandler: Sendable {}
