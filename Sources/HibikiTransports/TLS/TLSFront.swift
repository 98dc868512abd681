// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore
import NIOSSL

/// Gives the receive buffer of the loop back that TLS has decrypted, as a connection without TLS does itself.
final class ReceiveBufferReturn: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let loop: TransportLoop

    init(_ loop: TransportLoop) {
        self.loop = loop
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let received = self.unwrapInboundIn(data)
        context.fireChannelRead(data)
        self.loop.receiveBuffer.giveBack(received)
    }
}

@available(*, unavailable)
extension ReceiveBufferReturn: Sendable {}

extension TLSCredentials {
    /// Puts TLS in front of whatever is added to the channel next.
    func add(to channel: any Channel, loop: TransportLoop) throws {
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(ReceiveBufferReturn(loop))
        try pipeline.addHandler(NIOSSLServerHandler(context: self.context))
    }
}
