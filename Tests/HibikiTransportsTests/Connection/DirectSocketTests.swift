// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore
import NIOEmbedded
import NIOPosix
import Testing

@testable import HibikiTransports

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

@Suite(.timeLimit(.minutes(1))) struct `The socket below a channel` {
    /// A channel, and the descriptor of its peer, which the test closes.
    private func pair() async throws -> (channel: any Channel, peer: CInt) {
        var ends: [CInt] = [-1, -1]
        #if canImport(Darwin)
        let kind = SOCK_STREAM
        #elseif canImport(Musl)
        let kind = SOCK_STREAM
        #else
        let kind = CInt(SOCK_STREAM.rawValue)
        #endif
        try #require(socketpair(AF_UNIX, kind, 0, &ends) == 0)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.autoRead, value: false)
            .withConnectedSocket(ends[0]).get()
        return (channel, ends[1])
    }

    private func take(_ bytes: ByteBuffer, _ channel: any Channel) async throws -> Int {
        try await channel.eventLoop.submit { DirectSocket(channel)?.take(bytes) ?? -1 }.get()
    }

    @Test func `takes bytes from where their reader stands`() async throws {
        let (channel, peer) = try await self.pair()
        var bytes = ByteBuffer(string: "not this, but this")
        bytes.moveReaderIndex(forwardBy: 10)
        #expect(try await self.take(bytes, channel) == 8)
        var read = [UInt8](repeating: 0, count: 20)
        #expect(recv(peer, &read, read.count, 0) == 8)
        #expect(String(decoding: read.prefix(8), as: UTF8.self) == "but this")
        // With its peer gone it may have closed by itself.
        #expect(close(peer) == 0)
        try? await channel.close()
    }

    @Test func `takes what there is room for, and then nothing`() async throws {
        let (channel, peer) = try await self.pair()
        let bytes = ByteBuffer(repeating: 7, count: 64 << 20)
        let taken = try await self.take(bytes, channel)
        #expect(taken > 0)
        #expect(taken < bytes.readableBytes)
        #expect(try await self.take(bytes, channel) == 0)
        // With its peer gone it may have closed by itself.
        #expect(close(peer) == 0)
        try? await channel.close()
    }

    @Test func `takes nothing when the peer is gone, and ends nobody's process`() async throws {
        let (channel, peer) = try await self.pair()
        // In one turn of the event loop, so that the channel has not found out yet.
        let taken = try await channel.eventLoop.submit {
            let socket = DirectSocket(channel)
            #expect(close(peer) == 0)
            return socket?.take(ByteBuffer(string: "x"))
        }.get()
        #expect(taken == 0)
        try? await channel.close()
    }

    @Test func `is not there where the channel is no socket`() {
        #expect(DirectSocket(EmbeddedChannel()) == nil)
    }
}
