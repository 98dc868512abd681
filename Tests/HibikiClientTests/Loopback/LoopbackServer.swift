// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore
import NIOPosix

@testable import HibikiClient

/// A server on 127.0.0.1 whose side of each connection is played by the test, byte for byte.
final class LoopbackServer: Sendable {
    let url: HibikiURL
    private let channel: any Channel
    private let peers: Inbox<Peer>

    private init(_ url: HibikiURL, _ channel: any Channel, _ peers: Inbox<Peer>) {
        self.url = url
        self.channel = channel
        self.peers = peers
    }

    deinit {
        self.channel.close(promise: nil)
    }

    static func start() async throws -> LoopbackServer {
        let peers = Inbox<Peer>(bound: .max)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let inbox = Inbox<ByteBuffer>(bound: .max)
                    try channel.pipeline.syncOperations.addHandler(PeerHandler(inbox))
                    peers.put(Peer(channel, inbox), weight: 0)
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = channel.localAddress?.port ?? 0
        return LoopbackServer(try HibikiURL("http://127.0.0.1:\(port)"), channel, peers)
    }

    /// The next connection of a client.
    func accept() async throws -> Peer {
        guard let peer = try await self.peers.next() else { throw PeerGone() }
        return peer
    }

    /// Ends the listening socket: whoever connects from now on is refused.
    func stop() async throws {
        try await self.channel.close()
    }
}

struct PeerGone: Error {}

private final class PeerHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let inbox: Inbox<ByteBuffer>

    init(_ inbox: Inbox<ByteBuffer>) {
        self.inbox = inbox
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.inbox.put(self.unwrapInboundIn(data), weight: 0)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event as? ChannelEvent == .inputClosed { self.inbox.end(.success(())) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.inbox.end(.success(()))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.inbox.end(.success(()))
        context.close(promise: nil)
    }
}
