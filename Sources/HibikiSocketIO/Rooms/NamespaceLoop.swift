// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire
import NIOCore

/// The members that a namespace has on one event loop, and what is on its way to them.
///
/// Bound to its event loop. What comes in a turn is gathered and handed on at its end, in runs for the same audience. Before
/// anything changes who is a member of what, all that came earlier is handed on: so that a change has its place in the order.
final class NamespaceLoop {
    let context: NamespaceContext
    let loopHub: LoopHub
    var table = RoomTable()
    var bridges: [ExactString: TopicBridge] = [:]
    /// Members that are about to come from other loops.
    var arrivals: [Arrival] = []
    /// The newest event of the namespace's log that has come here.
    private(set) var handed: StreamPosition
    private var subscription: Subscription?
    private var run = RoomRun()
    private var isDirty = false
    /// While members are given something, nothing may change; see ``isIdle``.
    private var isDelivering = false
    /// What came for a member that has just arrived is being done.
    var isFinishing = false

    /// - Parameter newest: the event after which it begins.
    init(_ context: NamespaceContext, _ loopHub: LoopHub, after newest: StreamPosition) {
        self.context = context
        self.loopHub = loopHub
        self.handed = newest
        self.subscription = loopHub.subscribe(self, to: context.topic, after: newest)
    }

    /// Leaves the hub and forgets all members.
    func stop() {
        self.settle()
        self.subscription.map(self.loopHub.unsubscribe)
        self.subscription = nil
        for bridge in self.bridges.values { bridge.stop() }
        self.bridges = [:]
        for entry in self.table.entries { self.takeOut(entry) }
        let arrivals = self.arrivals
        self.arrivals = []
        for arrival in arrivals { arrival.cancel(self) }
    }

    /// Whether nothing that was sent earlier is still on its way to members here.
    var isIdle: Bool { !self.isDelivering && !self.isFinishing && self.loopHub.isIdle }

    // MARK: Delivering

    func collect(_ item: RoomItem) {
        for arrival in self.arrivals {
            arrival.add(item)
        }
        if !self.run.append(item) {
            self.settle()
            _ = self.run.append(item)
        }
        if !self.isDirty {
            self.isDirty = true
            self.loopHub.needsFlush(self)
        }
    }

    /// Hands on what has come so far.
    func settle() {
        guard !self.run.isEmpty, !self.isDelivering else { return }
        let batch = self.run.batch
        let last = self.run.last(of: self.context.topic)
        self.delivering {
            self.table.select(self.run.audience) { self.hand(self.run, batch, last, to: $0) }
        }
        self.run.removeAll()
    }

    /// Hands a run to one member.
    func hand(_ run: RoomRun, _ batch: EngineBatch, _ last: StreamPosition?, to entry: MemberEntry) {
        if let last, entry.history != nil {
            entry.history?.lastSent = last
        }
        if entry.marks.isEmpty {
            entry.member.deliver(batch)
        } else if let fresh = run.batch(beyond: &entry.marks) {
            entry.member.deliver(fresh)
        }
    }

    /// Runs `body`, which calls members, with nothing changing meanwhile.
    func delivering(_ body: () -> Void) {
        let wasDelivering = self.isDelivering
        self.isDelivering = true
        body()
        self.isDelivering = wasDelivering
    }

    /// Runs `body` as if nothing after `position` had come: what has, has not been handed to the member that it is about.
    func standing(at position: StreamPosition, _ body: () -> Void) {
        let newest = self.handed
        self.handed = position
        body()
        self.handed = newest
    }

    // MARK: Members

    func add(_ entry: MemberEntry, _ memberships: [StoredSession.Membership]) {
        self.settle()
        if let earlier = self.table.entry(id: entry.id) {
            self.takeOut(earlier)
        }
        self.table.insert(entry)
        self.context.census?.joined(entry.id, id: entry.id)
        for membership in memberships {
            self.join(entry, membership.room, at: membership.joined)
        }
    }

    /// The history of a member that begins now.
    var newHistory: MemberHistory? {
        self.context.recovery.map { _ in MemberHistory(connected: self.handed, lastSent: self.handed) }
    }

    func join(_ entry: MemberEntry, _ rooms: [String]) {
        for room in rooms {
            self.join(entry, room, at: self.handed.offset)
        }
    }

    func join(_ entry: MemberEntry, _ room: String, at offset: UInt64, isMove: Bool = false) {
        let change = self.table.join(entry, room, at: offset)
        guard change != .none else { return }
        if change == .firstOrLast {
            self.openBridge(of: room)
        }
        if !isMove {
            self.context.census?.joined(room, id: entry.id)
        }
    }

    func leave(_ entry: MemberEntry, _ room: String, isMove: Bool = false) {
        let change = self.table.leave(entry, room)
        guard change != .none else { return }
        if change == .firstOrLast {
            self.closeBridge(of: room)
        }
        if !isMove {
            self.context.census?.left(room, id: entry.id)
        }
    }

    func takeOut(_ entry: MemberEntry, isMove: Bool = false) {
        for place in entry.places {
            self.leave(entry, place.room.name, isMove: isMove)
        }
        self.table.remove(entry)
        if !isMove {
            self.context.census?.left(entry.id, id: entry.id)
        }
    }

    /// What is kept of a member that goes now.
    func session(of entry: MemberEntry, _ leaving: LeavingSession) -> StoredSession? {
        entry.history.map { history in
            StoredSession(
                socket: leaving,
                memberships: entry.places.map { StoredSession.Membership(room: $0.room.name, joined: $0.joined) },
                disconnected: self.context.configuration.now(), history: history, handed: self.handed)
        }
    }
}

extension NamespaceLoop: Subscriber {
    var clientID: ClientID? { nil }

    func deliver(_ batch: DeliveryBatch, of subscription: Subscription) {
        for delivery in batch.deliveries {
            let position = delivery.publication.position
            self.handed = position
            guard self.hasMembers, let message = self.context.message(of: delivery) else { continue }
            let place = LogPlace(log: self.context.topic, position: position)
            self.collect(RoomItem(audience: message.audience, message: message.message, place: place))
        }
    }

    func receive(_ delivery: SignalDelivery) {
        guard self.hasMembers, let message = self.context.message(of: delivery) else { return }
        var item = RoomItem(audience: message.audience, message: message.message, place: nil)
        if message.takesOffset, message.message.packet.endsWithString, let recovery = self.context.recovery {
            // A client takes whatever string an event ends with for its last offset. This one changes nothing there.
            let packet = recovery.splice(message.message.packet, self.handed.description)
            let spliced = EngineMessage(packet, isCompressible: message.audience.isCompressible)
            item = RoomItem(audience: message.audience, message: spliced, place: nil)
        }
        self.collect(item)
    }

    private var hasMembers: Bool { !self.table.entries.isEmpty || !self.arrivals.isEmpty }
}

extension NamespaceLoop: Flushable {
    func flush() {
        self.isDirty = false
        self.settle()
    }
}

@available(*, unavailable)
extension NamespaceLoop: Sendable {}
