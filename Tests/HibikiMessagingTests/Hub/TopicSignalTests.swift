// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiTestSupport
import NIOCore
import NIOEmbedded
import NIOPosix
import Synchronization
import Testing

@testable import HibikiMessaging

@Suite struct `A signal to a topic` {
    private func signal(_ text: String, to topic: Topic) -> Signal {
        Signal(.topic(topic), from: nil, payload: ByteBuffer(string: text), timestamp: .at(0))
    }

    @Test func `reaches the topic's members and nobody else, and no log`() throws {
        let stepped = try SteppedHub()
        let topics = [try Topic("a"), try Topic("b")]
        let listeners = topics.map { topic in
            let listener = Listener(stepped.members)
            listener.clientID = stepped.members.attach(listener)
            _ = listener.join(stepped.hub, topic, from: .latest)
            return listener
        }
        stepped.hub.send(self.signal("1", to: topics[0]))
        stepped.hub.send(self.signal("2", to: try Topic("c")))
        stepped.turn()
        #expect(listeners.map(\.signals) == [["1"], []])
        #expect(stepped.log.size.publications == 0)
    }

    @Test func `keeps its place among publications and calls`() throws {
        let stepped = try SteppedHub()
        let topic = try Topic("a")
        let listener = Listener(stepped.members)
        _ = listener.join(stepped.hub, topic, from: .latest)
        let order = Collected<String>()
        listener.whenDelivered = { _ in order.append("publication \(listener.signals.count)") }
        stepped.publish("p", to: topic)
        stepped.hub.send(self.signal("s", to: topic))
        stepped.hub.post(to: 0) { _ in order.append("call") }
        stepped.publish("p", to: topic)
        stepped.turn()
        #expect(order.all == ["publication 0", "call", "publication 1"])
    }

    @Test func `does not reach a member that has left in the same turn`() throws {
        let stepped = try SteppedHub()
        let topic = try Topic("a")
        let listener = Listener(stepped.members)
        let bound = NIOLoopBound(listener, eventLoop: stepped.eventLoop)
        let subscription = NIOLoopBound(
            listener.join(stepped.hub, topic, from: .latest), eventLoop: stepped.eventLoop)
        stepped.hub.send(self.signal("1", to: topic))
        stepped.hub.post(to: 0) { $0.unsubscribe(subscription.value) }
        stepped.hub.send(self.signal("2", to: topic))
        stepped.turn()
        #expect(bound.value.signals == ["1"])
    }

    @Test func `is made something of once for all who ask with the same owner`() throws {
        final class Owner: Sendable {}
        let delivery = SignalDelivery(self.signal("1", to: try Topic("a")))
        let (one, other) = (Owner(), Owner())
        let made = Mutex(0)
        func ask(_ owner: Owner) -> Int {
            delivery.memo(of: owner) {
                made.withLock { count in
                    count += 1
                    return count
                }
            }
        }
        #expect([ask(one), ask(other), ask(one), ask(other)] == [1, 2, 1, 2])
    }
}

@Suite struct `What is left for an event loop` {
    @Test func `makes it busy until it has been handed on`() throws {
        let stepped = try SteppedHub()
        let seen = Collected<Bool>()
        #expect(stepped.members.isIdle)
        stepped.hub.post(to: 0) { seen.append($0.isIdle) }
        stepped.hub.post(to: 0) { seen.append($0.isIdle) }
        #expect(!stepped.members.isIdle)
        stepped.turn()
        #expect(seen.all == [false, true])
        #expect(stepped.members.isIdle)
    }

    @Test func `before there is anybody to take it is taken later`() throws {
        let eventLoop = EmbeddedEventLoop()
        let hub = Hub(
            broker: DirectBroker(MemoryEventLog(epoch: Epoch(7))), permissions: .development, eventLoops: [eventLoop])
        let seen = Collected<Int>()
        hub.post(to: 0) { seen.append($0.number) }
        hub.post(to: 1) { seen.append($0.number) }
        eventLoop.run()
        #expect(seen.all.isEmpty)
        let members = hub.makeLoopHub(on: eventLoop)
        eventLoop.run()
        #expect(seen.all == [0])
        withExtendedLifetime(members) {}
    }

    @Test func `is routed to it before a member has joined there, and missed by none that joins after that`() throws {
        let stepped = try SteppedHub()
        let topic = try Topic("a")
        stepped.publish("before", to: topic)
        let newest = stepped.hub.route(topic, at: .at(0))
        let listener = Listener(stepped.members)
        let bound = NIOLoopBound(listener, eventLoop: stepped.eventLoop)
        stepped.hub.post(to: 0) { _ = $0.subscribe(bound.value, to: topic, after: newest) }
        stepped.publish("after", to: topic)
        stepped.turn()
        #expect(listener.texts == ["after"])
    }

    @Test func `together on two loops is at the same place in the order of a topic`() async throws {
        try await ThreadedHub.with(loops: 2) { threaded in
            let topic = try Topic("a")
            let hub = threaded.hub
            let seen = (0..<2).map { _ in Collected<String>() }
            for number in threaded.loopNumbers {
                try await threaded.on(number) { members in
                    _ = members.subscribe(SignalListener(seen[number]), to: topic, from: .latest, limit: 0, at: .at(0))
                }
            }
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for sender in 0..<3 {
                    tasks.addTask {
                        for number in 0..<300 {
                            hub.send(
                                Signal(
                                    .topic(topic), from: nil, payload: ByteBuffer(string: "\(sender)/\(number)"),
                                    timestamp: .at(0)))
                            if number.isMultiple(of: 8) { await Task.yield() }
                        }
                    }
                }
                tasks.addTask {
                    for number in 0..<200 {
                        hub.postTogether(
                            in: topic, to: number % 2, { _ in seen[number % 2].append("mark") },
                            and: 1 - number % 2, { _ in seen[1 - number % 2].append("mark") })
                        await Task.yield()
                    }
                }
                try await tasks.waitForAll()
            }
            try await threaded.settle()
            let parts = seen.map { loop in loop.all.split(separator: "mark", omittingEmptySubsequences: false) }
            #expect(parts[0].count == 201)
            #expect(parts[0].map(Set.init) == parts[1].map(Set.init))
        }
    }
}

private final class SignalListener: Subscriber {
    private let seen: Collected<String>

    init(_ seen: Collected<String>) {
        self.seen = seen
    }

    var clientID: ClientID? { nil }

    func deliver(_ batch: DeliveryBatch, of subscription: Subscription) {}

    func receive(_ delivery: SignalDelivery) {
        self.seen.append(String(buffer: delivery.signal.payload))
    }
}
