// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiServer
import HibikiTransports
import NIOCore
import NIOPosix
import NIOSSL

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

    private let host: String
    private let port: Int
    private let speaksTLS: Bool
    private let speaksProxyProtocol: Bool

    init(_ configuration: ServerConfiguration) {
        // One that listens on all addresses is asked at that of this machine.
        self.host =
            switch configuration.host {
            case "0.0.0.0", "": "127.0.0.1"
            case "::": "::1"
            default: configuration.host
            }
        self.port = configuration.port
        self.speaksTLS = configuration.certificate.isSet
        self.speaksProxyProtocol = configuration.transport.proxies.speaksProxyProtocol
    }

    func readiness() async -> Answer {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let answer = loop.makePromise(of: String.self)
        let channel: any Channel
        do {
            channel = try await ClientBootstrap(group: loop).connectTimeout(Self.patience)
                .connect(host: self.host, port: self.port).get()
        } catch {
            answer.fail(error)
            return .silence
        }
        let late = loop.scheduleTask(in: Self.patience) { channel.close(promise: nil) }
        defer { late.cancel() }
        do {
            try await self.ask(channel, answer)
            return Self.read(try await answer.futureResult.get())
        } catch {
            // It may have been kept already, which does not matter.
            answer.fail(error)
            return .somebodyElse
        }
    }

    private func ask(_ channel: any Channel, _ answer: EventLoopPromise<String>) async throws {
        if self.speaksProxyProtocol {
            try await channel.writeAndFlush(ByteBuffer(string: "PROXY UNKNOWN\r\n"))
        }
        let context = self.speaksTLS ? try Self.context() : nil
        try await channel.eventLoop.submit {
            if let context {
                let handler = try NIOSSLClientHandler(context: context, serverHostname: nil)
                try channel.pipeline.syncOperations.addHandler(handler)
            }
            try channel.pipeline.syncOperations.addHandler(AnswerCollector(answer))
        }.get()
        let request = "GET /readyz HTTP/1.1\r\nHost: \(self.host)\r\nConnection: close\r\n\r\n"
        channel.writeAndFlush(ByteBuffer(string: request), promise: nil)
    }

    /// Whose certificate it is does not matter for a question whether it runs.
    private static func context() throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .none
        return try NIOSSLContext(configuration: configuration)
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

    /// Comes once, however the connection has ended.
    func handlerRemoved(context: ChannelHandlerContext) {
        self.answer.succeed(String(buffer: self.bytes))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
