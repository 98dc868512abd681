// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import NIOCore

/// What becomes of a request when time runs out, or one of the two sides leaves.
extension HTTPRole {
    func deadlinePassed(on connection: Connection) {
        switch self.state {
        case .head where self.isHeadBegun && connection.hasHeldInput:
            self.refuse(.timeout, on: connection)
        case .body(_, _, let reader, let since):
            self.checkPace(of: reader, since: since, on: connection)
        case .flow(let exchange, let flow, _):
            self.checkPace(of: exchange, flow, on: connection)
        case .responding(let exchange):
            // Whoever works on it has no time limit here; a poll sets its own.
            exchange.waiter?.deadlinePassed()
                ?? connection.setDeadline(after: connection.loop.configuration.http.idleTimeout)
        case .head, .over:
            connection.closeGracefully()
        }
    }

    /// A body may take ``TransportConfiguration/HTTP/headTimeout``, and longer only as long as it keeps coming.
    private func checkPace(of reader: BodyReader, since: NIODeadline, on connection: Connection) {
        let configuration = connection.loop.configuration.http
        let seconds = reader.body.readableBytes / max(1, configuration.bodyBytesPerSecond)
        let allowed = configuration.headTimeout + .seconds(Int64(seconds))
        let left = since + allowed - NIODeadline.now()
        if left > .zero {
            connection.setDeadline(after: left)
        } else {
            self.refuse(.timeout, on: connection)
        }
    }

    /// A peer that has closed its side may still wait for an answer; but a poll that waits has most likely lost its client.
    func inputClosed(on connection: Connection) {
        if case .responding(let exchange) = self.state, exchange.waiter == nil {
            return
        }
        connection.closeGracefully()
    }

    func becameWritable(on connection: Connection) {}

    /// Nobody reads what is sent to a connection without a request. So one that is idle stays for a moment, to tell its client
    /// with the answer to a next request when to come back.
    func shutDown(_ farewell: Farewell, on connection: Connection) {
        switch self.state {
        case .head where !connection.hasHeldInput:
            connection.setDeadline(after: Self.lastWait)
        case .responding(let exchange):
            exchange.extraFields.append(farewell.retryAfter)
            exchange.waiter?.shutDown(farewell)
        case .body(let exchange, _, _, _), .flow(let exchange, _, _):
            exchange.extraFields.append(farewell.retryAfter)
        case .head, .over:
            break
        }
    }

    func describe(in record: inout ConnectionRecord) {
        guard case .responding(let exchange) = self.state else { return }
        exchange.waiter?.describe(in: &record)
    }

    func unsubscribe(from topic: Topic, on connection: Connection) -> Bool {
        guard case .responding(let exchange) = self.state else { return false }
        return exchange.waiter?.unsubscribe(from: topic) ?? false
    }

    /// What somebody works on is answered first.
    func dismiss(_ dismissal: Dismissal, on connection: Connection) {
        switch self.state {
        case .responding(let exchange):
            exchange.endConnection()
            exchange.waiter?.dismiss(dismissal)
        case .head, .over:
            connection.closeGracefully()
        case .body, .flow:
            connection.close()
        }
    }

    func left(_ connection: Connection) {
        if case .responding(let exchange) = self.state {
            exchange.cancel()
        }
        self.giveUpBody()
        self.state = .over
    }

    /// Tells who waits for a body that it does not come.
    func giveUpBody() {
        switch self.state {
        case .body(_, .route(let receiver), _, _):
            self.state = .over
            receiver.bodyFailed(.broken)
        case .flow(let exchange, let flow, _):
            self.state = .over
            self.giveUp(exchange, flow)
        case .body, .head, .responding, .over:
            break
        }
    }
}
