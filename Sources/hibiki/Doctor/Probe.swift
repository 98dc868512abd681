// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
import NIOCore
import NIOPosix

/// Asks whoever listens on a port whether he is a Hibiki server, and how he is.
struct Probe {
    enum Answer: Equatable {
        /// Nobody listens.
        case silence
        /// The status of `/readyz`, and what it says.
        case hibiki(status: Int, body: String)
        case somebodyElse
    }

    private static let patience = TimeAmount.seconds(3)

    let host: String
    let port: Int

    /// The address at which one that listens on all is reached.
    private var reachable: String {
        switch self.host {
        case "0.0.0.0", "": "127.0.0.1"
        case "::": "::1"
        default: self.host
        }
    }

    func readiness() async -> Answer {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let answer = loop.makePromise(of: String.self)
        do {
            let channel = try await ClientBootstrap(group: loop).connectTimeout(Self.patience)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(AnswerCollector(answer))
                    }
                }
                .connect(host: self.reachable, port: self.port).get()
            let request = "GET /readyz HTTP/1.1\r\nHost: \(self.reachable)\r\nConnection: close\r\n\r\n"
            channel.writeAndFlush(ByteBuffer(string: request), promise: nil)
            let late = loop.scheduleTask(in: Self.patience) { channel.close(promise: nil) }
            let text = try await answer.futureResult.get()
            late.cancel()
            return Self.read(text)
        } catch {
            answer.fail(error)
            return .silence
        }
    }

    /// A server of ours answers `/readyz` with its checks, or refuses as it does while it stops.
    static func read(_ text: String) -> Answer {
        let words = text.prefix(64).split(separator: " ")
        let parts = text.split(separator: "\r\n\r\n", maxSplits: 1)
        guard words.count > 1, words[0] == "HTTP/1.1", let status = Int(words[1]), let body = parts.dropFirst().first
        else { return .somebodyElse }
        guard status == 200 || status == 503, body.hasPrefix("{"),
            body.contains("\"checks\"") || body.contains("\"code\"")
        else { return .somebodyElse }
        return .hibiki(status: status, body: String(body))
    }
}

/// Collects what comes until the connection ends, within a bound.
private final class AnswerCollector: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private static let limit = 64 << 10
    private let answer: EventLoopPromise<String>
    private var bytes = ByteBuffer()

    init(_ answer: EventLoopPromise<String>) {
        self.answer = answer
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.bytes.writeImmutableBuffer(self.unwrapInboundIn(data))
        if self.bytes.readableBytes > Self.limit { context.close(promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.answer.succeed(String(buffer: self.bytes))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
