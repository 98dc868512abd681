// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Logging
import NIOCore

/// Reads the header of the PROXY protocol before anything else is read, and leaves the channel then.
///
/// The connection behind it has its time limit from the start, so the header comes within that of a request's head.
final class ProxyProtocolHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let connection: Connection
    private var input = ByteBuffer()
    private var hasFailed = false

    init(_ connection: Connection) {
        self.connection = connection
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !self.hasFailed else { return }
        self.input.writeImmutableBuffer(self.unwrapInboundIn(data))
        do throws(ProxyHeaderViolation) {
            guard let header = try ProxyHeaderParser.next(&self.input) else { return }
            if case .client(let address) = header, !self.connection.speaks(for: address) { return }
        } catch {
            self.hasFailed = true
            self.connection.loop.logger.debug("no PROXY header", metadata: ["problem": "\(error)"])
            self.connection.loop.counters.refuse(400)
            self.connection.close()
            return
        }
        if self.input.readableBytes > 0 {
            context.fireChannelRead(self.wrapInboundOut(self.input))
            context.fireChannelReadComplete()
        }
        self.input = ByteBuffer()
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }
}

@available(*, unavailable)
extension ProxyProtocolHandler: Sendable {}
