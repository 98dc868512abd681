// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization
import Testing

@testable import HibikiS3
@testable import HibikiUploads

@Suite(.timeLimit(.minutes(1))) struct `Requests to a bucket` {
    /// A store whose downloads begin and never end.
    private final class EndlessStore: Sendable {
        private final class Handler: ChannelInboundHandler {
            typealias InboundIn = HTTPServerRequestPart
            typealias OutboundOut = HTTPServerResponsePart

            func channelRead(context: ChannelHandlerContext, data: NIOAny) {
                guard case .head(let head) = self.unwrapInboundIn(data) else { return }
                let isDownload = head.method == .GET
                let response = HTTPResponseHead(
                    version: .http1_1, status: isDownload ? .partialContent : .ok, headers: ["content-length": "10"])
                context.write(self.wrapOutboundOut(.head(response)), promise: nil)
                if isDownload {
                    context.writeAndFlush(
                        self.wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: "x")))), promise: nil)
                } else {
                    context.writeAndFlush(self.wrapOutboundOut(.end(nil)), promise: nil)
                }
            }
        }

        let channel: any Channel

        init() async throws {
            self.channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .childChannelInitializer { channel in
                    channel.pipeline.configureHTTPServerPipeline().flatMap {
                        channel.eventLoop.makeCompletedFuture {
                            try channel.pipeline.syncOperations.addHandler(Handler())
                        }
                    }
                }
                .bind(host: "127.0.0.1", port: 0).get()
        }
    }

    @Test func `wait for no download`() async throws {
        let running = try await EndlessStore()
        let port = try #require(running.channel.localAddress?.port)
        let configuration = S3Configuration(
            endpoint: "http://127.0.0.1:\(port)", region: "r", bucket: "box",
            credentials: S3Credentials(accessKey: "key", secretKey: "secret"))
        let store = S3BlobStore(configuration, now: { Timestamp(milliseconds: 0) })
        let (begun, beginning) = AsyncStream.makeStream(of: Void.self)
        await withTaskGroup { group in
            // More than a host is given connections by default.
            for _ in 0..<40 {
                group.addTask {
                    try? await store.read(BlobKey(.random()), 0..<10) { _ in beginning.yield() }
                }
            }
            var count = 0
            for await _ in begun {
                count += 1
                if count == 40 { break }
            }
            let size = try? await store.size(of: BlobKey(.random()))
            #expect(size == 10)
            group.cancelAll()
        }
        try await running.channel.close()
    }
}
