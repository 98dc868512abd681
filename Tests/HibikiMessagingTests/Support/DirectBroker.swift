// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire
import Synchronization

/// The local broker, joined without an `await`, for tests that must stay on the thread of their event loop.
final class DirectBroker: Broker {
    let log: any EventLog
    private let node = Mutex<(any BrokerNode)?>(nil)

    init(_ log: any EventLog) {
        self.log = log
    }

    func join(_ node: any BrokerNode) {
        self.node.withLock { $0 = node }
    }

    func start(_ node: any BrokerNode) async throws {
        self.join(node)
    }

    func publish(
        _ draft: Draft, at now: Timestamp, completion: @escaping @Sendable (Result<PublishReceipt, WireError>) -> Void
    ) {
        let node = self.node.withLock { $0 }
        completion(
            Result { () throws(WireError) in try self.log.append(draft, at: now) { node?.deliver($0) } }
        )
    }

    func send(_ signal: Signal) {
        self.node.withLock { $0 }?.deliver(signal)
    }

    func stop() async {}
}
