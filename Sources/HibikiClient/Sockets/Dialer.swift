// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

package import NIOCore
import NIOPosix

/// Opens connections to one server.
package struct Dialer: Sendable {
    package var url: HibikiURL
    package var group: any EventLoopGroup
    /// 10 seconds by default.
    package var limit: TimeAmount
    package var traffic: SocketTraffic?

    package init(
        _ url: HibikiURL, group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        limit: TimeAmount = .seconds(10), traffic: SocketTraffic? = nil
    ) {
        self.url = url
        self.group = group
        self.limit = limit
        self.traffic = traffic
    }

    /// Nothing is read before a handler asks, so that a client which is behind can stop.
    func connect<Product: Sendable>(
        _ initialize: @escaping @Sendable (any Channel) throws -> Product
    ) async throws -> Product {
        let bootstrap = ClientBootstrap(group: self.group)
            .connectTimeout(self.limit)
            .channelOption(.autoRead, value: false)
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
        do {
            try Task.checkCancellation()
            return try await bootstrap.connect(host: self.url.host, port: self.url.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let traffic { try channel.pipeline.syncOperations.addHandler(TrafficHandler(traffic)) }
                    return try initialize(channel)
                }
            }
        } catch let error as CancellationError {
            throw error
        } catch ChannelError.connectTimeout {
            throw HibikiClientError.timedOut("no connection to \(self.url) within \(self.limit.words)")
        } catch {
            throw HibikiClientError(
                .cannotConnect, "cannot connect to \(self.url): \(error.connectionWords)", mayRetry: true)
        }
    }
}

extension TimeAmount {
    /// For sentences.
    var words: String {
        let milliseconds = self.nanoseconds / 1_000_000
        return milliseconds.isMultiple(of: 1_000) ? "\(milliseconds / 1_000) s" : "\(milliseconds) ms"
    }

    /// What does not fit is as far away as can be.
    init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let (nanoseconds, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, carry) = nanoseconds.addingReportingOverflow(attoseconds / 1_000_000_000)
        self = .nanoseconds(overflow || carry ? (seconds < 0 ? .min : .max) : sum)
    }
}
