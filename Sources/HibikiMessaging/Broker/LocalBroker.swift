// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiWire
import Synchronization

/// The broker of a node that is alone.
public final class LocalBroker: Broker {
    public let log: any EventLog
    private let node = Mutex<(any BrokerNode)?>(nil)

    public init(log: any EventLog) {
        self.log = log
    }

    public func start(_ node: any BrokerNode) async throws {
        self.node.withLock { $0 = node }
    }

    public func publish(
        _ draft: Draft, at now: Timestamp, completion: @escaping @Sendable (Result<PublishReceipt, WireError>) -> Void
    ) {
        let node = self.node.withLock { $0 }
        do throws(WireError) {
            let receipt = try self.log.append(draft, at: now) { node?.deliver($0) }
            completion(.success(receipt))
        } catch {
            completion(.failure(error))
        }
    }

    public func send(_ signal: Signal) {
        self.node.withLock { $0 }?.deliver(signal)
    }

    public func stop() async {
        self.node.withLock { $0 = nil }
    }
}
