// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore
import Synchronization

/// Counts what goes over the sockets of a client: all bytes, HTTP heads and frame headers included, and requests.
package final class SocketTraffic: Sendable {
    package struct Totals: Equatable, Sendable {
        package var connections = 0
        package var requests = 0
        package var bytesSent = 0
        package var bytesReceived = 0

        package static func - (left: Totals, right: Totals) -> Totals {
            Totals(
                connections: left.connections - right.connections, requests: left.requests - right.requests,
                bytesSent: left.bytesSent - right.bytesSent, bytesReceived: left.bytesReceived - right.bytesReceived
            )
        }
    }

    private let state = Mutex(Totals())

    package init() {}

    package var totals: Totals {
        self.state.withLock { $0 }
    }

    func connected() {
        self.state.withLock { $0.connections += 1 }
    }

    func requested() {
        self.state.withLock { $0.requests += 1 }
    }

    func sent(_ bytes: Int) {
        self.state.withLock { $0.bytesSent += bytes }
    }

    func received(_ bytes: Int) {
        self.state.withLock { $0.bytesReceived += bytes }
    }
}

/// Stands next to the socket, where all is bytes.
final class TrafficHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = IOData
    typealias OutboundOut = IOData

    private let traffic: SocketTraffic

    init(_ traffic: SocketTraffic) {
        self.traffic = traffic
    }

    func channelActive(context: ChannelHandlerContext) {
        self.traffic.connected()
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.traffic.received(self.unwrapInboundIn(data).readableBytes)
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        self.traffic.sent(self.unwrapOutboundIn(data).readableBytes)
        context.write(data, promise: promise)
    }
}

@available(*, unavailable)
extension TrafficHandler: Sendable {}
