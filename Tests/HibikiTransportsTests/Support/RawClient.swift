// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// The client's end of a TCP connection, byte for byte.
final class RawClient: Sendable {
    private let channel: any Channel
    private let arrivals: Arrivals

    init(_ channel: any Channel, _ arrivals: Arrivals) {
        self.channel = channel
        self.arrivals = arrivals
    }

    /// - Parameters:
    ///   - receiveBuffer: what the kernel may hold for a client that does not read.
    ///   - tls: what is trusted, for a port that speaks TLS.
    static func connect(
        to port: Int, receiveBuffer: CInt? = nil, tls: NIOSSLContext? = nil
    ) async throws -> RawClient {
        let arrivals = Arrivals()
        var bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        let handler = try NIOSSLClientHandler(context: tls, serverHostname: "localhost")
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                    try channel.pipeline.syncOperations.addHandler(ArrivalHandler(arrivals))
                }
            }
        if let receiveBuffer {
            bootstrap = bootstrap.channelOption(.socketOption(.so_rcvbuf), value: .init(receiveBuffer))
        }
        let channel = try await bootstrap.connect(host: "127.0.0.1", port: port).get()
        return RawClient(channel, arrivals)
    }

    func send(_ text: String) async throws {
        try await self.send(ByteBuffer(string: text))
    }

    func send(_ bytes: ByteBuffer) async throws {
        try await self.channel.writeAndFlush(bytes)
    }

    /// Waits until `length` finds what it looks for in what has come, and takes that many bytes.
    func take(_ length: (ByteBuffer) throws -> Int?) async throws -> ByteBuffer {
        while true {
            let (bytes, isOver) = self.arrivals.snapshot()
            if let length = try length(bytes), let found = self.arrivals.take(length) { return found }
            guard !isOver else { throw ConnectionOver() }
            await self.arrivals.change(since: bytes.readableBytes)
        }
    }

    func text(through end: String) async throws -> String {
        String(
            buffer: try await self.take { bytes in
                String(buffer: bytes).firstRange(of: end).map { String(buffer: bytes)[..<$0.upperBound].utf8.count }
            })
    }

    /// Everything until the other side ends the connection.
    func rest() async throws -> ByteBuffer {
        while true {
            let (bytes, isOver) = self.arrivals.snapshot()
            if isOver { return bytes }
            await self.arrivals.change(since: bytes.readableBytes)
        }
    }

    func pauseReading() async throws {
        try await self.channel.setOption(.autoRead, value: false).get()
    }

    func resumeReading() async throws {
        try await self.channel.setOption(.autoRead, value: true).get()
    }

    /// Says that nothing more comes from this side, and goes on reading.
    func closeOutput() async throws {
        try await self.channel.close(mode: .output)
    }

    func close() async throws {
        try? await self.channel.close()
    }
}

struct ConnectionOver: Error {}

/// What has come and was not taken.
final class Arrivals: Sendable {
    private struct State {
        var bytes = ByteBuffer()
        var isOver = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    func snapshot() -> (ByteBuffer, isOver: Bool) {
        self.state.withLock { ($0.bytes, $0.isOver) }
    }

    func take(_ length: Int) -> ByteBuffer? {
        self.state.withLock { $0.bytes.readSlice(length: length) }
    }

    /// Returns when there are not `count` bytes any more, or nothing more comes.
    func change(since count: Int) async {
        await withCheckedContinuation { continuation in
            let isChanged = self.state.withLock { state in
                guard state.bytes.readableBytes == count, !state.isOver else { return true }
                state.waiter = continuation
                return false
            }
            if isChanged { continuation.resume() }
        }
    }

    func add(_ bytes: ByteBuffer) {
        self.update { $0.bytes.writeImmutableBuffer(bytes) }
    }

    func end() {
        self.update { $0.isOver = true }
    }

    private func update(_ change: (inout State) -> Void) {
        let waiter = self.state.withLock { state in
            change(&state)
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }
}

final class ArrivalHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let arrivals: Arrivals

    init(_ arrivals: Arrivals) {
        self.arrivals = arrivals
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.arrivals.add(self.unwrapInboundIn(data))
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event as? ChannelEvent == .inputClosed else { return }
        self.arrivals.end()
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.arrivals.end()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.arrivals.end()
        context.close(promise: nil)
    }
}
