// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiSocketIOCodec
import HibikiWire
import NIOCore

/// Takes what others publish on a topic to the members that a room has on one event loop.
///
/// What members of the namespace emit has reached the room already when it comes back on the topic, and is left out. With
/// recovery, an event becomes a publication of the namespace first, once for all nodes, so that it can be recovered too.
final class TopicBridge {
    let room: String
    private let topic: Topic
    private unowned let loop: NamespaceLoop
    private var subscription: Subscription?
    /// The newest event that has come here.
    private(set) var handed: StreamPosition
    /// Ends the bridge some time after the last member has left.
    var ending: Scheduled<Void>?

    /// - Parameter saved: how far the topic had been taken over before the server was started again.
    init(_ room: String, _ topic: Topic, _ loop: NamespaceLoop, after saved: StreamPosition? = nil) {
        self.room = room
        self.topic = topic
        self.loop = loop
        self.handed = StreamPosition(epoch: Epoch(0), offset: 0)
        let (subscription, slice) = loop.loopHub.subscribe(
            self, to: topic, from: .latest, limit: 0, at: loop.context.configuration.now())
        self.subscription = subscription
        self.handed = slice.end
        let order = loop.context.bridgeOrder
        order?.open(room, after: saved ?? slice.end)
        order?.catchUp(room, to: slice.end) {
            self.read(after: $0, through: slice.end)
        } take: {
            self.republish($0, loop.context)
        }
    }

    func stop() {
        guard self.subscription != nil else { return }
        self.loop.context.bridgeOrder?.close(self.room)
        self.ending?.cancel()
        self.subscription.map(self.loop.loopHub.unsubscribe)
        self.subscription = nil
    }

    /// The events after one position up to what the bridge has handed on, for a member that comes from elsewhere.
    func events(after position: StreamPosition) -> [EngineMessage] {
        guard position.offset < self.handed.offset else { return [] }
        return self.read(after: position, through: self.handed).map(self.loop.context.message(bridging:))
    }

    /// What others have published between two positions. What the log no longer holds is left out.
    private func read(after start: StreamPosition, through end: StreamPosition) -> [Publication] {
        var found: [Publication] = []
        var start = start
        while start.offset < end.offset {
            let slice = self.loop.context.hub.read(
                self.topic, from: .after(start), limit: 64, at: self.loop.context.configuration.now())
            found += slice.publications.prefix { $0.position.offset <= end.offset }
            guard slice.hasMore else { break }
            start = slice.end
        }
        return found.filter { $0.from != self.loop.context.origin }
    }

    /// What a member need not be told that has come from where more was handed on than here; `nil` if nothing.
    func mark(for position: StreamPosition) -> LogMark? {
        guard position.epoch == self.handed.epoch, position.offset > self.handed.offset else { return nil }
        return LogMark(log: self.topic, epoch: position.epoch, next: position.offset + 1)
    }
}

extension TopicBridge: Subscriber {
    var clientID: ClientID? { nil }
    var listeners: Int { self.loop.table.rooms[ExactString(self.room)]?.members.count ?? 0 }

    func deliver(_ batch: DeliveryBatch, of subscription: Subscription) {
        let context = self.loop.context
        for delivery in batch.deliveries {
            let publication = delivery.publication
            self.handed = publication.position
            guard publication.from != context.origin else { continue }
            if let order = context.bridgeOrder {
                order.cross(self.room, publication) { start, end in
                    self.read(after: start, through: StreamPosition(epoch: end.epoch, offset: end.offset - 1))
                } take: {
                    self.republish($0, context)
                }
            } else {
                let message = delivery.memo(of: context) { context.message(bridging: publication) }
                let place = LogPlace(log: self.topic, position: publication.position)
                self.loop.collect(RoomItem(audience: Audience(rooms: [self.room]), message: message, place: place))
            }
        }
    }

    /// What came before reaches its sockets, and nothing after it.
    func evict(_ principal: String, from topic: Topic) {
        self.loop.settle()
        for entry in self.loop.table.rooms[ExactString(self.room)]?.members ?? [] where entry.member.isOf(principal) {
            self.loop.leave(entry, self.room)
            entry.member.evicted(from: self.room, of: topic)
        }
    }

    /// Events that no log keeps are dropped for whom they could not reach at once.
    func receive(_ delivery: SignalDelivery) {
        let context = self.loop.context
        guard let event = delivery.signal.event else { return }
        let message = delivery.memo(of: context) { context.message(event, delivery.signal.payload) }
        let audience = Audience(rooms: [self.room], leftOut: delivery.signal.socket, isVolatile: true)
        self.loop.collect(RoomItem(audience: audience, message: message, place: nil))
    }

    private func republish(_ publication: Publication, _ context: NamespaceContext) {
        let envelope = NamespaceEnvelope(
            audience: Audience(rooms: [self.room]),
            packet: context.configuration.encodeEvent(publication.event, publication.payload),
            takesOffset: true, node: nil)
        // Every node does this, and the key lets one of them through.
        context.send(envelope, key: "\(publication.position) \(self.topic) \(self.room)")
    }
}

@available(*, unavailable)
extension TopicBridge: Sendable {}

extension NamespaceLoop {
    func openBridge(of room: String) {
        if let bridge = self.bridges[ExactString(room)] {
            bridge.ending?.cancel()
            bridge.ending = nil
        } else if let topic = self.context.configuration.bridge?(room) {
            self.bridges[ExactString(room)] = TopicBridge(room, topic, self)
        }
    }

    /// Opens a bridge for members that may come back after a restart of the server.
    func reopenBridge(of room: String, after position: StreamPosition) {
        guard self.bridges[ExactString(room)] == nil, let topic = self.context.configuration.bridge?(room) else {
            return
        }
        self.bridges[ExactString(room)] = TopicBridge(room, topic, self, after: position)
        self.closeBridge(of: room)
    }

    /// With recovery, a bridge stays as long as a member that has gone may come back.
    func closeBridge(of room: String) {
        guard let bridge = self.bridges[ExactString(room)] else { return }
        guard let recovery = self.context.recovery else { return self.removeBridge(bridge) }
        let bound = NIOLoopBound(self, eventLoop: self.loopHub.eventLoop)
        bridge.ending = self.loopHub.eventLoop.scheduleTask(in: TimeAmount(recovery.window)) {
            let loop = bound.value
            if loop.table.rooms[ExactString(room)] == nil, let bridge = loop.bridges[ExactString(room)] {
                loop.removeBridge(bridge)
            }
        }
    }

    private func removeBridge(_ bridge: TopicBridge) {
        bridge.stop()
        self.bridges[ExactString(bridge.room)] = nil
    }

    /// Brings a member that has come from another loop to where the bridge of a room stands here.
    func catchUp(_ entry: MemberEntry, _ room: String, from position: StreamPosition) {
        guard self.context.recovery == nil, let bridge = self.bridges[ExactString(room)] else { return }
        if let mark = bridge.mark(for: position) {
            entry.marks.append(mark)
        }
        let messages = bridge.events(after: position)
        guard !messages.isEmpty else { return }
        self.delivering { entry.member.deliver(EngineBatch(messages)) }
    }
}
