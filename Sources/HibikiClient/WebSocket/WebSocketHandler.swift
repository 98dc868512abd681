// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

package import HibikiWebSocketCodec
package import NIOCore

/// Drives the client's end of a WebSocket: bytes to messages, messages to bytes, pings, and the closing handshake.
///
/// Bound to its event loop. All that is written during one read goes out in one write.
package final class WebSocketHandler: ChannelInboundHandler {
    package typealias InboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    private let sink: any WebSocketSink
    private let compressor: WebSocketCompressor
    private let keepAlive: WebSocketClient.KeepAlive?
    private var reader: WebSocketReader
    private var closing = ClosingHandshake(role: .client)
    private var masks = MaskSource()
    private var context: ChannelHandlerContext?
    /// What was read and waits for the sink to want more.
    private var input = ByteBuffer()
    private var output = ByteBuffer()
    private var isReading = false
    private var isStarted = false
    private var closure = WebSocketClosure(code: .abnormalClosure)
    private var pings = PendingPings()
    private var lastRead = NIODeadline.now()
    private var closingTimer: Scheduled<Void>?
    private var keepAliveTimer: Scheduled<Void>?

    init(
        _ sink: any WebSocketSink, _ configuration: WebSocketClient.Configuration, _ outcome: WebSocketHandshake.Outcome
    ) {
        self.sink = sink
        self.keepAlive = configuration.keepAlive
        self.compressor = WebSocketCompressor(outcome.agreement, configuration.compression)
        self.reader = WebSocketReader(role: .client, limits: configuration.limits, compression: outcome.agreement)
    }

    /// `nil` after the end.
    package var eventLoop: (any EventLoop)? {
        self.context?.eventLoop
    }

    // MARK: The channel

    package func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        self.lastRead = .now()
    }

    /// Until here bytes are kept and none are sent: the last of HTTP may still be in the pipeline.
    func start() {
        self.isStarted = true
        self.sink.opened(self)
        self.scheduleKeepAlive()
        self.resume()
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.lastRead = .now()
        var bytes = self.unwrapInboundIn(data)
        if self.input.readableBytes == 0 { self.input = bytes } else { self.input.writeBuffer(&bytes) }
        if self.isStarted { self.parse() }
    }

    package func channelReadComplete(context: ChannelHandlerContext) {
        guard self.isStarted else { return }
        self.flush()
        if self.input.readableBytes == 0, self.sink.wantsMore { context.read() }
    }

    package func channelInactive(context: ChannelHandlerContext) {
        self.end()
        context.fireChannelInactive()
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if self.closure.failure == nil { self.closure.failure = .lost("the connection broke: \(error)") }
        context.close(promise: nil)
    }

    private func end() {
        let code = self.closing.transportGone()
        if self.closure.code == .abnormalClosure { self.closure.code = code }
        if self.closure.code == .abnormalClosure, self.closure.failure == nil {
            self.closure.failure = .lost("the connection ended without a close frame")
        }
        self.context = nil
        self.closingTimer?.cancel()
        self.keepAliveTimer?.cancel()
        self.pings.failAll(HibikiClientError(.closed, "the WebSocket is closed"))
        self.sink.closed(self.closure)
    }

    // MARK: Reading

    /// The sink wants more again.
    package func resume() {
        guard let context else { return }
        self.parse()
        self.flush()
        if self.input.readableBytes == 0, self.sink.wantsMore { context.read() }
    }

    private func parse() {
        guard !self.isReading else { return }
        self.isReading = true
        defer { self.isReading = false }
        var input = self.input
        self.input = ByteBuffer()
        do throws(ProtocolViolation) {
            while self.sink.wantsMore,
                let event = try self.reader.next(
                    &input, deflate: self.compressor.contexts, inflater: self.compressor.inflater
                )
            { self.handle(event) }
        } catch {
            self.fail(error)
            return
        }
        self.input = input
    }

    private func handle(_ event: WebSocketEvent) {
        switch event {
        case .text(let payload):
            if self.closing.isOpen { self.sink.received(.text(payload), on: self) }
        case .binary(let payload):
            if self.closing.isOpen { self.sink.received(.binary(payload), on: self) }
        case .ping(let payload):
            if self.closing.isOpen { self.write(.pong, payload) }
        case .pong(let payload):
            self.pings.answered(payload)
        case .close(let frame):
            self.received(frame)
        }
    }

    // MARK: Sending

    package var isOpen: Bool {
        self.context != nil && self.closing.isOpen
    }

    /// - Returns: whether the message will be sent; not after the closing has begun.
    @discardableResult
    package func send(_ message: WebSocketMessage, promise: EventLoopPromise<Void>? = nil) -> Bool {
        guard self.isOpen else {
            promise?.fail(HibikiClientError(.closed, "the WebSocket is closed"))
            return false
        }
        let (opcode, payload): (WebSocketOpcode, ByteBuffer) =
            switch message {
            case .text(let payload): (.text, payload)
            case .binary(let payload): (.binary, payload)
            }
        let deflated = self.compressor.deflate(payload)
        self.write(opcode, deflated ?? payload, compressed: deflated != nil)
        if !self.isReading || promise != nil { self.flush(promise) }
        return true
    }

    /// - Parameter promise: succeeds when the pong comes.
    package func ping(_ promise: EventLoopPromise<Void>) {
        guard self.isOpen else { return promise.fail(HibikiClientError(.closed, "the WebSocket is closed")) }
        self.write(.ping, self.pings.add(promise))
        if !self.isReading { self.flush() }
    }

    private func write(_ opcode: WebSocketOpcode, _ payload: ByteBuffer, compressed: Bool = false) {
        self.output.writeWebSocketFrame(opcode, compressed: compressed, payload: payload, mask: self.masks.next())
    }

    private func flush(_ promise: EventLoopPromise<Void>? = nil) {
        guard let context, self.output.readableBytes > 0 else {
            promise?.succeed()
            return
        }
        let output = self.output
        self.output = ByteBuffer()
        context.writeAndFlush(self.wrapOutboundOut(output), promise: promise)
    }
}

// MARK: Closing

extension WebSocketHandler {
    /// Begins the closing handshake. The first code stands.
    package func close(_ frame: WebSocketCloseFrame, limit: TimeAmount) {
        guard self.context != nil else { return }
        switch self.closing.start(frame, at: .now(), limit: limit) {
        case .send(let frame): self.writeClose(frame)
        case .ignore: break
        }
        self.scheduleClosing()
    }

    private func received(_ frame: WebSocketCloseFrame) {
        if self.closure.code == .abnormalClosure {
            self.closure = WebSocketClosure(code: frame.code ?? .noStatusReceived, reason: frame.reason)
        }
        switch self.closing.received(frame, at: .now()) {
        case .echo(let frame):
            self.writeClose(frame)
            self.scheduleClosing()
        case .echoAndCloseTransport(let frame):
            self.writeClose(frame)
            self.context?.close(promise: nil)
        case .closeTransport:
            self.context?.close(promise: nil)
        case .ignore:
            break
        }
    }

    private func fail(_ violation: ProtocolViolation) {
        self.closure = WebSocketClosure(
            code: violation.code, reason: violation.reason,
            failure: .invalidAnswer("the server broke the WebSocket protocol: \(violation.reason)")
        )
        switch self.closing.failed(violation, at: .now()) {
        case .sendAndEndTransport(let frame):
            self.writeClose(frame)
            self.context?.close(mode: .output, promise: nil)
            self.scheduleClosing()
        case .closeTransport:
            self.context?.close(promise: nil)
        case .ignore:
            break
        }
    }

    private func writeClose(_ frame: WebSocketCloseFrame) {
        self.output.writeWebSocketClose(frame, mask: self.masks.next())
        self.flush()
    }

    /// Closes the transport at the deadline of the handshake, whatever the server does.
    private func scheduleClosing() {
        self.closingTimer?.cancel()
        guard let context, let deadline = self.closing.deadline else { return }
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        self.closingTimer = context.eventLoop.scheduleTask(deadline: deadline) { bound.value.close(promise: nil) }
    }
}

// MARK: Keeping alive

extension WebSocketHandler {
    private func scheduleKeepAlive() {
        guard let context, let keepAlive else { return }
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        self.keepAliveTimer = context.eventLoop.scheduleTask(in: keepAlive.interval) {
            bound.value.pingTheSilent(keepAlive)
        }
    }

    private func pingTheSilent(_ keepAlive: WebSocketClient.KeepAlive) {
        guard let context, self.isOpen else { return }
        let now = NIODeadline.now()
        // A sink that is behind does not read, so nothing can be said about the server.
        guard self.sink.wantsMore, self.lastRead + keepAlive.interval <= now else { return self.scheduleKeepAlive() }
        let asked = self.lastRead
        self.ping(context.eventLoop.makePromise())
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        self.keepAliveTimer = context.eventLoop.scheduleTask(in: keepAlive.limit) {
            bound.value.expectLife(since: asked, keepAlive)
        }
    }

    private func expectLife(since asked: NIODeadline, _ keepAlive: WebSocketClient.KeepAlive) {
        guard let context, self.isOpen else { return }
        guard self.lastRead == asked, self.sink.wantsMore else { return self.scheduleKeepAlive() }
        self.closure.failure = .timedOut("the server did not answer a ping within \(keepAlive.limit.words)")
        context.close(promise: nil)
    }
}

@available(*, unavailable)
extension WebSocketHandler: Sendable {}
