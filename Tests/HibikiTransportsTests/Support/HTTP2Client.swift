// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore
import NIOHPACK
import NIOHTTP2
import NIOPosix
import NIOSSL
import Testing

/// The client's end of a connection of HTTP/2. Each stream is a ``RawClient`` that reads heads as lines and bodies as bytes.
struct HTTP2Client: Sendable {
    private let channel: any Channel
    private let streams: NIOHTTP2Handler.StreamMultiplexer

    static func connect(to port: Int) async throws -> HTTP2Client {
        let tls = try TestTLS.client(trusting: .one, protocols: ["h2"])
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: "localhost"))
                    try pipeline.addHandler(
                        NIOHTTP2Handler(mode: .client, eventLoop: channel.eventLoop) { stream in
                            stream.eventLoop.makeSucceededVoidFuture()
                        })
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        let streams = try await channel.pipeline.handler(type: NIOHTTP2Handler.self).flatMap { $0.multiplexer }.get()
        return HTTP2Client(channel: channel, streams: streams)
    }

    /// Opens a stream with a request.
    func request(
        _ method: String, _ path: String, _ fields: [(String, String)] = [], body: String? = nil, isOpen: Bool = false
    ) async throws -> RawClient {
        let arrivals = Arrivals()
        let promise = self.channel.eventLoop.makePromise(of: (any Channel).self)
        self.streams.createStreamChannel(promise: promise) { stream in
            stream.eventLoop.makeCompletedFuture {
                try stream.pipeline.syncOperations.addHandler(StreamText())
                try stream.pipeline.syncOperations.addHandler(ArrivalHandler(arrivals))
            }
        }
        let stream = try await promise.futureResult.get()
        let head = [(":method", method), (":path", path), (":scheme", "https"), (":authority", "localhost")] + fields
        try await stream.triggerUserOutboundEvent(StreamHead(fields: head, isWhole: body == nil && !isOpen)).get()
        let client = RawClient(stream, arrivals)
        if let body { try await client.send(body) }
        if body != nil, !isOpen { try await client.closeOutput() }
        return client
    }

    /// Returns when the server has ended the connection.
    func ended() async throws {
        try await self.channel.closeFuture.get()
    }

    func close() async throws {
        try? await self.channel.close()
    }
}

private struct StreamHead: Sendable {
    let fields: [(String, String)]
    let isWhole: Bool
}

/// Heads as lines with an empty one at their end, bodies as bytes.
private final class StreamText: ChannelDuplexHandler {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = HTTP2Frame.FramePayload

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var isEnd = false
        switch self.unwrapInboundIn(data) {
        case .headers(let headers):
            let lines = headers.headers.map { "\($0.name): \($0.value)\n" }.joined()
            context.fireChannelRead(self.wrapInboundOut(ByteBuffer(string: lines + "\n")))
            isEnd = headers.endStream
        case .data(let data):
            if case .byteBuffer(let bytes) = data.data { context.fireChannelRead(self.wrapInboundOut(bytes)) }
            isEnd = data.endStream
        default:
            break
        }
        if isEnd { context.fireUserInboundEventTriggered(ChannelEvent.inputClosed) }
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard let head = event as? StreamHead else { return }
        let headers = HTTP2Frame.FramePayload.Headers(headers: HPACKHeaders(head.fields), endStream: head.isWhole)
        context.writeAndFlush(self.wrapOutboundOut(.headers(headers)), promise: promise)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let bytes = self.unwrapOutboundIn(data)
        context.write(self.wrapOutboundOut(.data(.init(data: .byteBuffer(bytes)))), promise: promise)
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard mode == .output else {
            context.close(mode: mode, promise: promise)
            return
        }
        let end = HTTP2Frame.FramePayload.data(.init(data: .byteBuffer(ByteBuffer()), endStream: true))
        context.writeAndFlush(self.wrapOutboundOut(end), promise: promise)
    }
}
