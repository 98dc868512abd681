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
        self.done.succeed()
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.fail(.lost("the server closed the connection in the TLS handshake"), context)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.fail(HibikiClientError(handshakeError: error), context)
    }

    /// A channel that never became active, because nobody answered or another address of the host was faster, ends without a word.
    func handlerRemoved(context: ChannelHandlerContext) {
        self.done.fail(HibikiClientError.lost("the connection ended before the TLS handshake"))
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

extension HibikiClientError {
    /// Why a handshake has failed, with what may be done where that is known. What the network has done may be better later.
    fileprivate init(handshakeError error: any Error) {
        switch error {
        case NIOSSLError.handshakeFailed(.sslError(let stack)) where stack.contains(.eofDuringHandshake):
            self = .lost("the server closed the connection in the TLS handshake")
        case NIOSSLError.handshakeFailed(.sslError(let stack)):
            self = .untrusted(Self.words(for: "\(stack)"))
        case let error as NIOSSLExtraError where error == .failedToValidateHostname:
            self = .untrusted("the server's certificate is for another name than the one in the address")
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError:
            self = .untrusted("\(error)")
        default:
            self = .lost("the connection broke in the TLS handshake: \(error)")
        }
    }

    private static func untrusted(_ words: String) -> HibikiClientError {
        HibikiClientError(.untrusted, "the TLS handshake failed: \(words)")
    }

    private static func words(for stack: String) -> String {
        if stack.contains("CERTIFICATE_VERIFY_FAILED") {
            return "nobody whom this client trusts has signed the server's certificate, or it has run out"
        }
        return stack.contains("WRONG_VERSION_NUMBER") ? "the server speaks no TLS at this port" : stack
    }
}
