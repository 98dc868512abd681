// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Logging
import NIOCore
import NIOHTTP2
import NIOTLS

/// Waits for the end of the handshake of TLS, and puts HTTP/2 in front of the connection if that was agreed on.
final class ProtocolChoice: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let connection: Connection
    private let routes: HotRoutes

    init(_ connection: Connection, routes: HotRoutes) {
        self.connection = connection
        self.routes = routes
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        context.fireUserInboundEventTriggered(event)
        guard case .handshakeCompleted(let agreed)? = event as? TLSUserEvent else { return }
        if agreed == "h2" { self.speakHTTP2(context) }
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    private func speakHTTP2(_ context: ChannelHandlerContext) {
        let role = HTTP2Role()
        let http = self.connection.loop.configuration.http
        let manager = NIOHTTP2ServerConnectionManagementHandler(
            eventLoop: context.eventLoop,
            configuration: .init(maxIdleTime: nil, maxAge: nil, maxGraceTime: nil, keepalive: nil)
        )
        let streams = NIOLoopBound(StreamStart(self.connection, role, self.routes), eventLoop: context.eventLoop)
        let handler = NIOHTTP2Handler(
            mode: .server, eventLoop: context.eventLoop, connectionConfiguration: .limited(by: http),
            streamConfiguration: .limited(by: self.connection.loop.configuration),
            streamDelegate: manager.http2StreamDelegate
        ) { channel in
            channel.eventLoop.makeCompletedFuture { try streams.value.begin(channel) }
        }
        do {
            let pipeline = context.pipeline.syncOperations
            let end = FrameEnd()
            try pipeline.addHandler(GoAwayWatch(end), position: .before(self))
            try pipeline.addHandler(handler, position: .before(self))
            try pipeline.addHandler(manager, position: .before(self))
            try pipeline.addHandler(end, position: .before(self))
            self.connection.become(role)
            self.connection.setDeadline(after: http.idleTimeout)
        } catch {
            context.fireErrorCaught(error)
        }
    }
}

@available(*, unavailable)
extension ProtocolChoice: Sendable {}

/// Makes a ``Connection`` of each stream.
private final class StreamStart {
    private let carrier: Connection
    private let carrierRole: HTTP2Role
    private let routes: HotRoutes

    init(_ carrier: Connection, _ role: HTTP2Role, _ routes: HotRoutes) {
        self.carrier = carrier
        self.carrierRole = role
        self.routes = routes
    }

    func begin(_ channel: any Channel) throws {
        let loop = self.carrier.loop
        let role = HTTPRole(stream: self.routes, buckets: self.carrierRole.buckets)
        let connection = Connection(loop: loop, role: role, address: nil)
        let handler = HTTP2StreamHandler(connection, role)
        connection.rides(on: self.carrier, through: handler)
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(handler)
        try pipeline.addHandler(connection)
        connection.setDeadline(after: loop.configuration.http.headTimeout)
        self.carrierRole.streamBegins(on: self.carrier)
        channel.closeFuture.assumeIsolated().whenComplete { _ in self.carrierRole.streamEnds(on: self.carrier) }
    }
}
