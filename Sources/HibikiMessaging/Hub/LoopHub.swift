// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

package import HibikiMetrics
public import NIOCore

/// The part of the hub that lives on one event loop: who listens there, and to what.
///
/// Bound to its event loop. Other threads reach it through its ``LoopInbox``.
public final class LoopHub {
    public let eventLoop: any EventLoop
    public let number: Int
    private let hub: Hub
    private let inbox: LoopInbox
    private var topics: [Topic: TopicMembers] = [:]
    private var clients: [ClientID: any Subscriber] = [:]
    private var dirty: [any Flushable] = []
    /// When the hub got the publications that this turn has handed to members.
    private var receipts: [NIODeadline] = []
    /// Seconds from the hub's receipt of a publication until the members on this loop had it in their sockets' hands.
    package private(set) var latency = HistogramValue(bounds: MetricsRegistry.defaultBounds)
    private var isDraining = false
    /// What this turn has taken from the inbox and not handed on yet.
    private var untilIdle = 0
    private var generator = SystemRandomNumberGenerator()

    init(hub: Hub, inbox: LoopInbox, number: Int) {
        inbox.eventLoop.preconditionInEventLoop()
        self.hub = hub
        self.inbox = inbox
        self.eventLoop = inbox.eventLoop
        self.number = number
    }

    // MARK: Clients

    /// Gives a connection a name, under which signals reach it until ``detach(_:)``.
    public func attach(_ subscriber: any Subscriber) -> ClientID {
        let id = ClientID(loop: self.number, using: &self.generator)
        self.clients[id] = subscriber
        return id
    }

    public func detach(_ id: ClientID) {
        self.clients[id] = nil
    }

    /// The connections that have a name.
    package var clientCount: Int { self.clients.count }

    // MARK: Members

    /// Joins a topic at `start` without a gap and without a repeat: what the slice holds comes first, and everything after it is delivered.
    ///
    /// The member is on the list before the log is read, so that no publication falls between; those that the slice holds
    /// already and that are still on their way here are left out by their offset.
    ///
    /// - Parameter limit: the most events to read. If ``LogSlice/hasMore`` is set the member has not joined, and subscribes
    ///   again from where the slice ends.
    public func subscribe(
        _ subscriber: any Subscriber, to topic: Topic, from start: LogStart, limit: Int, at now: Timestamp
    ) -> (Subscription, LogSlice) {
        let subscription = Subscription(topic: topic, subscriber: subscriber)
        self.topics[topic, default: TopicMembers(policy: self.hub.policy(for: topic))].insert(subscription)
        self.hub.routes.add(topic, loop: self.number)
        let slice = self.hub.read(topic, from: start, limit: limit, at: now)
        if slice.hasMore {
            self.unsubscribe(subscription)
        } else {
            subscription.epoch = slice.end.epoch
            subscription.nextOffset = slice.end.offset + 1
        }
        return (subscription, slice)
    }

    /// Joins a topic after `position`, without reading: for a loop that ``Hub/route(_:at:)`` had named before this was posted to it.
    package func subscribe(
        _ subscriber: any Subscriber, to topic: Topic, after position: StreamPosition
    ) -> Subscription {
        let subscription = Subscription(topic: topic, subscriber: subscriber)
        subscription.epoch = position.epoch
        subscription.nextOffset = position.offset + 1
        self.topics[topic, default: TopicMembers(policy: self.hub.policy(for: topic))].insert(subscription)
        self.hub.routes.add(topic, loop: self.number)
        return subscription
    }

    public func unsubscribe(_ subscription: Subscription) {
        guard subscription.isActive else { return }
        let topic = subscription.topic
        self.topics[topic]?.remove(subscription)
        if self.topics[topic]?.list.isEmpty ?? false {
            self.topics[topic] = nil
            self.hub.routes.remove(topic, loop: self.number)
        }
    }

    func members(of topic: Topic) -> [Subscription] {
        self.topics[topic]?.list ?? []
    }

    /// Takes somebody out of a topic: who is live there, and who still reads what came before.
    func evict(_ principal: String, from topic: Topic) {
        for subscription in self.members(of: topic) where subscription.isActive {
            subscription.subscriber.evict(principal, from: topic)
        }
        for subscriber in Array(self.clients.values) {
            subscriber.evict(principal, from: topic)
        }
    }

    // MARK: Deliveries

    /// Has ``Flushable/flush()`` called at the end of this turn. To be called once a turn.
    public func needsFlush(_ flushable: any Flushable) {
        self.dirty.append(flushable)
        if self.dirty.count == 1, !self.isDraining {
            self.inbox.wake()
        }
    }

    /// Whether nothing is on its way here that was left before this call, other than what members hold themselves. On the event loop only.
    package var isIdle: Bool { self.untilIdle == 0 && self.inbox.isEmpty }

    /// Hands on what has come in since the last turn, then flushes every connection that has something.
    func drain() {
        self.isDraining = true
        defer { self.isDraining = false }
        let items = self.inbox.take()
        var index = items.startIndex
        while index < items.endIndex {
            self.untilIdle = items.endIndex - index
            switch items[index] {
            case .publication(let first):
                let run = items[index...].prefix { $0.isOfLog(of: first.publication) }
                index = run.endIndex
                self.deliver(
                    run.compactMap(\.delivery), of: first.publication.topic, isLast: index == items.endIndex
                )
            case .signal(let delivery):
                self.deliver(delivery)
                index += 1
            case .call(let body):
                self.untilIdle -= 1
                body(self)
                index += 1
            }
        }
        self.untilIdle = 0
        self.flush()
        self.observeLatency()
    }

    /// One look at the clock for all that a turn has delivered.
    private func observeLatency() {
        guard !self.receipts.isEmpty else { return }
        let now = NIODeadline.now()
        for receipt in self.receipts {
            self.latency.observe(Double((now - receipt).nanoseconds) / 1e9)
        }
        self.receipts.removeAll(keepingCapacity: true)
    }

    private func flush() {
        // The last first: its bytes are still in the processor's cache. A flush may fail a connection, whose end may in turn
        // make others dirty.
        while let flushable = self.dirty.popLast() {
            flushable.flush()
        }
    }

    /// - Parameter isLast: whether nothing else comes in this turn, so that each member's bytes may leave at once, while what
    ///   they went through is still in the processor's cache.
    private func deliver(_ deliveries: [Delivery], of topic: Topic, isLast: Bool) {
        guard let members = self.topics[topic] else { return }
        for delivery in deliveries {
            self.receipts.append(delivery.receivedAt)
        }
        for chunk in DeliveryChunks(deliveries) {
            guard let first = chunk.first?.publication.position, let last = chunk.last?.publication.position else {
                continue
            }
            let batch = DeliveryBatch(chunk, policy: members.policy)
            for member in members.list where member.isActive {
                guard let next = member.advance(to: last) else { continue }
                member.subscriber.deliver(next <= first.offset ? batch : batch.from(next), of: member)
                if isLast { self.flush() }
            }
        }
    }

    private func deliver(_ delivery: SignalDelivery) {
        switch delivery.signal.kind {
        case .broadcast:
            for (id, subscriber) in self.clients where id != delivery.signal.from {
                subscriber.receive(delivery)
            }
        case .direct(let target):
            self.clients[target]?.receive(delivery)
        case .topic(let topic):
            for member in self.topics[topic]?.list ?? [] where member.isActive {
                member.subscriber.receive(delivery)
            }
        }
    }

    func isAttached(_ id: ClientID) -> Bool {
        self.clients[id] != nil
    }
}

@available(*, unavailable)
extension LoopHub: Sendable {}

/// Cuts a run of publications into pieces whose bytes are worth copying together.
private struct DeliveryChunks: Sequence, IteratorProtocol {
    private static let bytes = 32 << 10
    private var rest: ArraySlice<Delivery>

    init(_ deliveries: [Delivery]) {
        self.rest = deliveries[...]
    }

    mutating func next() -> ArraySlice<Delivery>? {
        guard !self.rest.isEmpty else { return nil }
        var bytes = 0
        var end = self.rest.startIndex
        repeat {
            bytes += self.rest[end].publication.cost
            end += 1
        } while end < self.rest.endIndex && bytes + self.rest[end].publication.cost <= Self.bytes
        defer { self.rest = self.rest[end...] }
        return self.rest[..<end]
    }
}
