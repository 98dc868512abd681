// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// A connection, as the hub sees it. All calls come on the connection's event loop.
public protocol Subscriber: AnyObject {
    /// The name that the hub gave it, if it has one.
    var clientID: ClientID? { get }

    /// For how many it listens: more or fewer than one, if it hands on what it gets. Default 1.
    var listeners: Int { get }

    /// Queues what a topic has for this member. It is flushed at the end of the turn; see ``LoopHub/needsFlush(_:)``.
    func deliver(_ batch: DeliveryBatch, of subscription: Subscription)

    /// Queues a signal.
    func receive(_ delivery: SignalDelivery)

    /// Somebody may follow a topic no longer: if it listens for that one, it leaves the topic at once and tells its client. A call
    /// about somebody else or another topic means nothing.
    func evict(_ principal: String, from topic: Topic)
}

extension Subscriber {
    public var listeners: Int { 1 }
    public func evict(_ principal: String, from topic: Topic) {}
}

/// Something that gathers what it has to send, and sends it once in a turn of the event loop.
public protocol Flushable: AnyObject {
    func flush()
}

/// One connection's membership in one topic on its event loop.
public final class Subscription {
    public let topic: Topic
    let subscriber: any Subscriber
    /// The life of the log that ``nextOffset`` counts in; `nil` while the member is still joining.
    var epoch: Epoch?
    /// The first offset that the member does not have yet; ``UInt64/max`` while it is still joining.
    var nextOffset: UInt64
    /// Where it stands in its topic's list; `nil` once it has left.
    var index: Int?

    init(topic: Topic, subscriber: any Subscriber) {
        self.topic = topic
        self.subscriber = subscriber
        self.nextOffset = .max
    }

    public var isActive: Bool { self.index != nil }

    /// Takes a run of events for the member.
    ///
    /// - Returns: the first offset that it does not have yet, or `nil` if it has them all. If the log has begun a new life, it
    ///   has none of its events.
    func advance(to last: StreamPosition) -> UInt64? {
        if self.epoch != last.epoch {
            self.epoch = last.epoch
            self.nextOffset = 1
        }
        guard self.nextOffset <= last.offset else { return nil }
        defer { self.nextOffset = last.offset + 1 }
        return self.nextOffset
    }
}

/// The members that a topic has on one event loop.
struct TopicMembers {
    private(set) var list: [Subscription] = []
    let policy: SlowReaderPolicy

    init(policy: SlowReaderPolicy) {
        self.policy = policy
    }

    mutating func insert(_ subscription: Subscription) {
        subscription.index = self.list.count
        self.list.append(subscription)
    }

    /// Takes one out by putting the last in its place.
    mutating func remove(_ subscription: Subscription) {
        guard let index = subscription.index, self.list.indices.contains(index) else { return }
        subscription.index = nil
        let last = self.list.removeLast()
        if last !== subscription {
            last.index = index
            self.list[index] = last
        }
    }
}

@available(*, unavailable)
extension Subscription: Sendable {}
