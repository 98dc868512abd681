// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore
import NIOPosix

/// The answer to one request.
struct HTTPAnswer: Sendable {
    var status: Int
    var fields: [(name: String, value: String)]
    var body: ByteBuffer

    subscript(name: String) -> String? {
        self.fields.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    var text: String { String(buffer: self.body) }

    /// The code of an error.
    var code: String? {
        let start = #"{"error":{"code":""#
        guard self.text.hasPrefix(start) else { return nil }
        return String(self.text.dropFirst(start.utf8.count).prefix { $0 != "\"" })
    }

    /// Reads all that came on a connection that ended after one answer.
    init(_ bytes: ByteBuffer) throws {
        let view = bytes.readableBytesView
        guard let end = view.indices.first(where: { view[$0...].starts(with: Array("\r\n\r\n".utf8)) }) else {
            throw NoAnswer()
        }
        let lines = String(decoding: view[..<end], as: UTF8.self).split(separator: "\r\n")
        self.status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        self.fields = lines.dropFirst().map { line in
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), String(parts.last?.drop { $0 == " " } ?? ""))
        }
        self.body = ByteBuffer(bytes: view[(end + 4)...])
    }
}

struct NoAnswer: Error {}

/// Sends one request on a connection of its own and collects everything until the server ends it.
func exchange(port: Int, _ request: String) async throws -> HTTPAnswer {
    let collected = MultiThreadedEventLoopGroup.singleton.any().makePromise(of: ByteBuffer.self)
    do {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Collector(collected))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        channel.writeAndFlush(ByteBuffer(string: request), promise: nil)
    } catch {
        collected.fail(error)
    }
    return try HTTPAnswer(try await collected.futureResult.get())
}

private final class Collector: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let promise: EventLoopPromise<ByteBuffer>
    private var bytes = ByteBuffer()

    init(_ promise: EventLoopPromise<ByteBuffer>) {
        self.promise = promise
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.bytes.writeImmutableBuffer(self.unwrapInboundIn(data))
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.promise.succeed(self.bytes)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
