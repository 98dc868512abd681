// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore
import NIOHPACK
import NIOHTTP2

/// Turns the frames of one stream into what a ``Connection`` reads and writes, and back.
///
/// So a stream is driven by the same roles as a connection of its own. Only heads differ: they are fields here, not bytes.
final class HTTP2StreamHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = HTTP2Frame.FramePayload

    private let connection: Connection
    private let role: HTTPRole
    private var context: ChannelHandlerContext?
    private var hasHead = false
    private var isTunnel = false
    private var isOutputEnded = false
    /// Bytes that wait for the peer's window, or for the socket.
    private(set) var waitingBytes = 0

    init(_ connection: Connection, _ role: HTTPRole) {
        self.connection = connection
        self.role = role
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    // MARK: Reading

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch self.unwrapInboundIn(data) {
        case .headers(let headers):
            // Whatever comes in a second block is a trailer, which nobody reads.
            if !self.hasHead { self.begin(headers) }
            if headers.endStream { self.inputEnds(context) }
        case .data(let data):
            if case .byteBuffer(let bytes) = data.data, bytes.readableBytes > 0 {
                context.fireChannelRead(self.wrapInboundOut(bytes))
            }
            if data.endStream { self.inputEnds(context) }
        case .rstStream, .priority, .settings, .pushPromise, .ping, .goAway, .windowUpdate, .alternativeService,
            .origin:
            // The stream's own end comes as the end of its channel.
            break
        }
    }

    private func begin(_ headers: HTTP2Frame.FramePayload.Headers) {
        self.hasHead = true
        do throws(RequestRefusal) {
            let head = try RequestHead(
                headers.headers, maximumFields: self.connection.loop.configuration.http.headFields)
            self.isTunnel = headers.headers.first(name: ":protocol") != nil
            self.role.begin(head, isWhole: headers.endStream, on: self.connection)
        } catch {
            self.role.refuse(error, on: self.connection)
        }
    }

    /// The end of a request's body is no news for who answers it, but the end of a WebSocket is.
    private func inputEnds(_ context: ChannelHandlerContext) {
        if self.isTunnel {
            context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        } else {
            self.role.bodyEnds(on: self.connection)
        }
    }

    // MARK: Writing

    /// Sends the head of a response.
    func write(status: Int, fields: [(name: String, value: String)]) {
        var headers = HPACKHeaders([(":status", String(status))])
        for field in fields where field.value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) {
            headers.add(name: field.name.lowercased(), value: field.value)
        }
        self.context?.write(self.wrapOutboundOut(.headers(.init(headers: headers))), promise: nil)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let bytes = self.unwrapOutboundIn(data)
        let count = bytes.readableBytes
        let written = promise ?? context.eventLoop.makePromise(of: Void.self)
        self.waitingBytes += count
        written.futureResult.assumeIsolated().whenComplete { _ in self.waitingBytes -= count }
        context.write(self.wrapOutboundOut(.data(.init(data: .byteBuffer(bytes)))), promise: written)
    }

    /// What ends one side of a connection ends one side of a stream.
    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard mode == .output, self.hasHead else {
            context.close(mode: .all, promise: promise)
            return
        }
        guard !self.isOutputEnded else {
            promise?.succeed()
            return
        }
        self.isOutputEnded = true
        let end = HTTP2Frame.FramePayload.data(.init(data: .byteBuffer(ByteBuffer()), endStream: true))
        context.writeAndFlush(self.wrapOutboundOut(end), promise: promise)
    }
}

@available(*, unavailable)
extension HTTP2StreamHandler: Sendable {}
