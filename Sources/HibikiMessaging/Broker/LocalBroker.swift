// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiWire
import Synchronization

/// The broker of a node that is alone.
public final class LocalBroker: Broker {
    public let log: any EventLog
    private enum State {
        case new
        case running(any BrokerNode)
        case stopped

        var node: (any BrokerNode)? {
            if case .running(let node) = self { node } else { nil }
        }
    }

    private let state = Mutex(State.new)

    public init(log: any EventLog) {
        self.log = log
    }

    public func start(_ node: any BrokerNode) async throws {
        self.state.withLock { $0 = .running(node) }
    }

    public func publish(
        _ draft: Draft, at now: Timestamp, completion: @escaping @Sendable (Result<PublishReceipt, WireError>) -> Void
    ) {
        let state = self.state.withLock { $0 }
        if case .stopped = state {
            // The log has been saved, or is about to be: what came after that would be lost.
            return completion(.failure(WireError(.shuttingDown, "the server is about to stop; try again in a moment")))
        }
        let node = state.node
        do throws(WireError) {
            let receipt = try self.log.append(draft, at: now) { node?.deliver($0) }
            completion(.success(receipt))
        } catch {
            completion(.failure(error))
        }
    }

    public func send(_ signal: Signal) {
        self.state.withLock { $0 }.node?.deliver(signal)
    }

    public func stop() async {
        self.state.withLock { $0 = .stopped }
    }
}
