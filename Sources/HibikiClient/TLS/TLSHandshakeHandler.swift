// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore
import NIOSSL
import NIOTLS

/// Waits for the handshake behind it, and reads for it: nobody else does before it is done.
final class TLSHandshakeHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    private let done: EventLoopPromise<Void>
    private let limit: TimeAmount
    private var watch: Scheduled<Void>?

    init(_ done: EventLoopPromise<Void>, limit: TimeAmount) {
        self.done = done
        self.limit = limit
    }

    func channelActive(context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        self.watch = context.eventLoop.scheduleTask(in: self.limit) {
            let (handler, context) = bound.value
            handler.fail(.timedOut("no TLS handshake within \(handler.limit.words)"), context)
        }
        context.fireChannelActive()
        context.read()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.read()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case TLSUserEvent.handshakeCompleted = event else { return context.fireUserInboundEventTriggered(event) }
        self.watch?.cancel()
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
        self.done.succeed()
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.fail(.lost("the server closed the connection in the TLS handshake"), context)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.fail(HibikiClientError(.untrusted, "the TLS handshake failed: \(words(for: error))"), context)
    }

    /// The first reason counts.
    private func fail(_ error: HibikiClientError, _ context: ChannelHandlerContext) {
        self.watch?.cancel()
        self.done.fail(error)
        context.close(promise: nil)
    }
}

@available(*, unavailable)
extension TLSHandshakeHandler: Sendable {}

/// Why a handshake has failed, with what may be done where that is known.
private func words(for error: any Error) -> String {
    switch error {
    case NIOSSLError.handshakeFailed(.sslError(let stack)):
        let text = "\(stack)"
        if text.contains("CERTIFICATE_VERIFY_FAILED") {
            return "nobody whom this client trusts has signed the server's certificate, or it has run out"
        }
        if text.contains("WRONG_VERSION_NUMBER") { return "the server speaks no TLS at this port" }
        return text
    case let error as NIOSSLExtraError where error == .failedToValidateHostname:
        return "the server's certificate is for another name than the one in the address"
    default:
        return "\(error)"
    }
}
