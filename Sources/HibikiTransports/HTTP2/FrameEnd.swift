// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore
import NIOHTTP2

/// Keeps from the connection what belongs to no stream: frames, because it takes bytes, and faults of one stream, which is reset
/// already and concerns nobody else.
final class FrameEnd: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame

    /// The library reports faults of streams and of the connection alike; those of the connection come with a GOAWAY.
    fileprivate var isConnectionAtFault = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let concernsStream = error is any NIOHTTP2Error && !(error is NIOHTTP2Errors.BadClientMagic)
        guard !concernsStream || self.isConnectionAtFault else { return }
        context.fireErrorCaught(error)
    }
}

@available(*, unavailable)
extension FrameEnd: Sendable {}

/// Sees on its way out whether a GOAWAY names an error (RFC 9113 §6.8).
final class GoAwayWatch: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private static let goAway: UInt8 = 7
    /// The type stands after the length of a frame; the code after its head and the number of a stream.
    private static let typeIndex = 3
    private static let codeIndex = 13

    private let end: FrameEnd

    init(_ end: FrameEnd) {
        self.end = end
    }

    /// Each frame is written by itself. What a stream carries may look like a GOAWAY too, which makes a fault of that stream one of
    /// the connection, and nothing worse.
    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let bytes = self.unwrapOutboundIn(data)
        let start = bytes.readerIndex
        if bytes.getInteger(at: start + Self.typeIndex, as: UInt8.self) == Self.goAway,
            let code = bytes.getInteger(at: start + Self.codeIndex, as: UInt32.self), code != 0
        {
            self.end.isConnectionAtFault = true
        }
        context.write(data, promise: promise)
    }
}

@available(*, unavailable)
extension GoAwayWatch: Sendable {}
