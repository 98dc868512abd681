// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

package import NIOCore
import NIOPosix
import NIOSSL

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
            let context = self.url.isSecure ? try self.url.trust.context() : nil
            let (product, handshake) = try await bootstrap.connect(host: self.url.host, port: self.url.port) {
                channel in
                channel.eventLoop.makeCompletedFuture {
                    if let traffic { try channel.pipeline.syncOperations.addHandler(TrafficHandler(traffic)) }
                    let handshake = try context.map { try self.addTLS($0, to: channel) }
                    return (try initialize(channel), handshake)
                }
            }
            try await handshake?.get()
            return product
        } catch let error as CancellationError {
            throw error
        } catch let error as HibikiClientError {
            throw error
        } catch ChannelError.connectTimeout {
            throw HibikiClientError.timedOut("no connection to \(self.url) within \(self.limit.words)")
        } catch {
            throw HibikiClientError(
                .cannotConnect, "cannot connect to \(self.url): \(error.connectionWords)", mayRetry: true)
        }
    }
}

extension Dialer {
    /// - Returns: when the server has shown who it is.
    private func addTLS(_ context: NIOSSLContext, to channel: any Channel) throws -> EventLoopFuture<Void> {
        let pipeline = channel.pipeline.syncOperations
        let done = channel.eventLoop.makePromise(of: Void.self)
        // An address in digits is compared with those in the certificate; as a name it must not be sent (RFC 6066 §3).
        let isAddress = (try? SocketAddress(ipAddress: self.url.host, port: self.url.port)) != nil
        do {
            try pipeline.addHandler(
                NIOSSLClientHandler(context: context, serverHostname: isAddress ? nil : self.url.host))
            try pipeline.addHandler(TLSHandshakeHandler(done, limit: self.limit))
        } catch {
            done.fail(error)
            throw error
        }
        return done.futureResult
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
