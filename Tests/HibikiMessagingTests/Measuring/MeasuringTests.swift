// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiMetrics
import HibikiWire
import NIOCore
import Testing

@Suite struct `What is measured at the seams` {
    private func counts(_ timers: [OperationTimer]) -> [String: UInt64] {
        Dictionary(uniqueKeysWithValues: timers.map { ($0.operation, $0.times.count) })
    }

    @Test func `a timer takes the first of every so many`() {
        let timer = OperationTimer("x", oneIn: 4)
        let taken = (0..<9).map { _ in timer.start() != nil }
        #expect(taken == [true, false, false, false, true, false, false, false, true])
    }

    @Test(arguments: [(1, 9), (2, 5), (3, 3), (4, 3), (0, 9), (-1, 9)])
    func `an interval is rounded up to a power of two`(_ interval: Int, _ expected: UInt64) {
        let timer = OperationTimer("x", oneIn: interval)
        for _ in 0..<9 { timer.stop(timer.start()) }
        #expect(timer.times.count == expected)
    }

    @Test func `a time is in seconds and in its bucket`() {
        let timer = OperationTimer("x")
        timer.stop(.now() - .milliseconds(20))
        let times = timer.times
        #expect(times.sum >= 0.02)
        #expect(times.sum < 10)
        #expect(times.counts.prefix(6).allSatisfy { $0 == 0 })
        #expect(times.bounds == OperationTimer.bounds)
    }

    @Test func `a publish ends when its completion is called, and not when the call returns`() throws {
        let slow = SlowBroker()
        let broker = MeasuredBroker(slow)
        let receipts = Collected<PublishReceipt>()
        broker.publish(.text("1", to: try Topic("a")), at: .at(0)) { result in
            if case .success(let receipt) = result { receipts.append(receipt) }
        }
        #expect(self.counts(broker.timers) == ["publish": 0, "signal": 0])
        slow.complete()
        #expect(self.counts(broker.timers) == ["publish": 1, "signal": 0])
        #expect(receipts.all.map(\.position) == [.test(1)])
    }

    @Test func `appends, reads and sweeps are counted, those that fail too`() throws {
        let topic = try Topic("a")
        var retention = LogRetention()
        retention.topics = 1
        let log = MeasuredEventLog(MemoryEventLog(epoch: Epoch(7), retention: retention))
        try log.store("1", in: topic)
        let other = try Topic("b")
        #expect(refusal { () throws(WireError) in try log.store("2", in: other) } == .overloaded)
        _ = log.read(topic, from: .earliest)
        log.sweep(at: .at(0))
        #expect(self.counts(log.timers) == ["append": 2, "read": 1, "sweep": 1])
        #expect(log.size.publications == 1)
    }
}

/// A broker whose publications complete when the test says so.
private final class SlowBroker: Broker {
    let log: any EventLog = MemoryEventLog(epoch: Epoch(7), retention: LogRetention())
    private let waiting = Collected<@Sendable () -> Void>()

    func start(_ node: any BrokerNode) async throws {}

    func publish(
        _ draft: Draft, at now: Timestamp, completion: @escaping @Sendable (Result<PublishReceipt, WireError>) -> Void
    ) {
        self.waiting.append {
            completion(Result { () throws(WireError) in try self.log.append(draft, at: now) { _ in } })
        }
    }

    func complete() {
        for body in self.waiting.all { body() }
    }

    func send(_ signal: Signal) {}
    func stop() async {}
}
