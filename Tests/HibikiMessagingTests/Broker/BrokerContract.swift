// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire
import NIOCore
import Testing

/// A way of making a broker, for the contract that every ``Broker`` keeps.
struct BrokerImplementation: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let make: @Sendable (LogRetention) -> any Broker

    /// What the contract is held to. Another broker joins with one line.
    static let all = [
        BrokerImplementation(testDescription: "LocalBroker") {
            LocalBroker(log: MemoryEventLog(epoch: Epoch(7), retention: $0))
        },
        BrokerImplementation(testDescription: "MeasuredBroker") {
            MeasuredBroker(LocalBroker(log: MemoryEventLog(epoch: Epoch(7), retention: $0)), oneIn: 2)
        },
    ]

    /// A broker that has been started with a node that remembers.
    func start(_ change: (inout LogRetention) -> Void = { _ in }) async throws -> (any Broker, RememberingNode) {
        var retention = LogRetention()
        change(&retention)
        let broker = self.make(retention)
        let node = RememberingNode()
        try await broker.start(node)
        return (broker, node)
    }
}

/// A node that keeps what it gets.
final class RememberingNode: BrokerNode {
    private let collectedPublications = Collected<Publication>()
    private let collectedSignals = Collected<Signal>()

    var publications: [Publication] { self.collectedPublications.all }
    var signals: [Signal] { self.collectedSignals.all }

    func deliver(_ publication: Publication) {
        self.collectedPublications.append(publication)
    }

    func deliver(_ signal: Signal) {
        self.collectedSignals.append(signal)
    }
}

extension Broker {
    func publish(_ draft: Draft) async throws -> PublishReceipt {
        try await withCheckedThrowingContinuation { continuation in
            self.publish(draft, at: .at(0)) { continuation.resume(with: $0.mapError { $0 as any Error }) }
        }
    }
}

@Suite struct BrokerContract {
    @Test(arguments: BrokerImplementation.all)
    func `a publication is in the log and with the node when its publisher is told`(
        _ implementation: BrokerImplementation
    ) async throws {
        let (broker, node) = try await implementation.start()
        let topic = try Topic("public/a")
        let receipt = try await broker.publish(.text("a", to: topic))
        #expect(receipt.position.offset == 1)
        #expect(!receipt.isDuplicate)
        #expect(broker.log.read(topic, from: .earliest).texts == ["a"])
        #expect(node.publications.map(\.position) == [receipt.position])
        await broker.stop()
    }

    @Test(arguments: BrokerImplementation.all)
    func `the node gets every publication once, in the order of its topic`(
        _ implementation: BrokerImplementation
    ) async throws {
        let (broker, node) = try await implementation.start()
        let topics = [try Topic("1"), try Topic("2")]
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for task in 0..<6 {
                tasks.addTask {
                    for number in 0..<100 { _ = try await broker.publish(.text("\(number)", to: topics[task % 2])) }
                }
            }
            try await tasks.waitForAll()
        }
        for topic in topics {
            let offsets = node.publications.filter { $0.topic == topic }.map(\.position.offset)
            #expect(offsets == Array(1...300))
        }
        await broker.stop()
    }

    @Test(arguments: BrokerImplementation.all)
    func `the completion is called once`(_ implementation: BrokerImplementation) async throws {
        let (broker, _) = try await implementation.start { $0.topics = 1 }
        let calls = Collected<Bool>()
        for name in ["1", "1", "2"] {
            broker.publish(.text("a", to: try Topic(name), key: "k"), at: .at(0)) { _ in calls.append(true) }
        }
        #expect(calls.all.count == 3)
        await broker.stop()
    }

    @Test(arguments: BrokerImplementation.all)
    func `a duplicate reaches no node`(_ implementation: BrokerImplementation) async throws {
        let (broker, node) = try await implementation.start()
        let topic = try Topic("public/a")
        let first = try await broker.publish(.text("a", to: topic, key: "k"))
        let second = try await broker.publish(.text("b", to: topic, key: "k"))
        #expect(second == PublishReceipt(position: first.position, isDuplicate: true))
        #expect(node.publications.count == 1)
        await broker.stop()
    }

    @Test(arguments: BrokerImplementation.all)
    func `a publication that the log refuses reaches no node`(_ implementation: BrokerImplementation) async throws {
        let (broker, node) = try await implementation.start { $0.topics = 0 }
        await #expect(throws: WireError.self) { try await broker.publish(.text("a", to: try Topic("public/a"))) }
        #expect(node.publications.isEmpty)
        await broker.stop()
    }

    @Test(arguments: BrokerImplementation.all)
    func `a signal reaches the node and is not stored`(_ implementation: BrokerImplementation) async throws {
        let (broker, node) = try await implementation.start()
        broker.send(Signal(.broadcast, from: nil, payload: ByteBuffer(string: "1"), timestamp: .at(0)))
        #expect(node.signals.map(\.kind) == [.broadcast])
        #expect(broker.log.size == LogSize())
        await broker.stop()
        broker.send(Signal(.broadcast, from: nil, payload: ByteBuffer(string: "2"), timestamp: .at(0)))
        #expect(node.signals.count == 1)
    }
}
