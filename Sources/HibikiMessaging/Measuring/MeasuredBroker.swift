// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiWire

/// A broker whose operations are timed, whatever broker it is.
public final class MeasuredBroker: Broker {
    private let base: any Broker
    private let publishing: OperationTimer
    private let signalling: OperationTimer

    /// - Parameter interval: of how many operations one is timed. For a broker behind a network 1, the default: a wrapped
    ///   completion is nothing beside a round trip.
    public init(_ base: any Broker, oneIn interval: Int = 1) {
        self.base = base
        self.publishing = OperationTimer("publish", oneIn: interval)
        self.signalling = OperationTimer("signal", oneIn: interval)
    }

    /// From the call of ``publish(_:at:completion:)`` to its completion, and for signals as long as ``send(_:)`` takes.
    public var timers: [OperationTimer] { [self.publishing, self.signalling] }

    public var log: any EventLog { self.base.log }

    public func start(_ node: any BrokerNode) async throws {
        try await self.base.start(node)
    }

    public func publish(
        _ draft: Draft, at now: Timestamp, completion: @escaping @Sendable (Result<PublishReceipt, WireError>) -> Void
    ) {
        guard let start = self.publishing.start() else {
            return self.base.publish(draft, at: now, completion: completion)
        }
        let timer = self.publishing
        self.base.publish(draft, at: now) { result in
            timer.stop(start)
            completion(result)
        }
    }

    public func send(_ signal: Signal) {
        let start = self.signalling.start()
        self.base.send(signal)
        self.signalling.stop(start)
    }

    public func stop() async {
        await self.base.stop()
    }
}
