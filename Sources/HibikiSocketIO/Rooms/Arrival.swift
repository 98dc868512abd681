// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire

/// A change that is made, or a question that is asked, where a member is; without an entry if the member is gone.
typealias MemberTask = (NamespaceLoop?, MemberEntry?) -> Void

/// What a member takes along from one event loop to another.
struct Departure: Sendable {
    let member: any RoomMember
    let memberships: [StoredSession.Membership]
    let marks: [LogMark]
    let history: MemberHistory?
    /// How far the old loop has handed on the topics of bridged rooms.
    let bridged: [ExactString: StreamPosition]
}

/// A member on its way from another event loop.
///
/// Its old loop and this one begin the move at the same place in the order of the namespace's topic: what came before is
/// handed on there, what comes after is kept here until the member has arrived with its rooms.
final class Arrival {
    private enum Step {
        case message(RoomItem)
        /// With the newest event that had come before it.
        case task(MemberTask, StreamPosition)
    }

    let seat: RoomSeat
    private var steps: [Step] = []

    init(seat: RoomSeat) {
        self.seat = seat
    }

    func add(_ item: RoomItem) {
        self.steps.append(.message(item))
    }

    func add(_ task: @escaping MemberTask, after newest: StreamPosition) {
        self.steps.append(.task(task, newest))
    }

    /// Takes all steps with the member, in their order.
    func finish(_ loop: NamespaceLoop, _ entry: MemberEntry, without known: Set<ExactString>) {
        loop.isFinishing = true
        defer { loop.isFinishing = false }
        var run = RoomRun()
        for step in self.steps {
            switch step {
            case .message(let item):
                guard entry.belongs(to: item.audience), !Self.isKnown(item, loop, known) else { continue }
                if !run.append(item) {
                    self.deliver(&run, loop, to: entry)
                    _ = run.append(item)
                }
            case .task(let task, let newest):
                self.deliver(&run, loop, to: entry)
                loop.standing(at: newest) { task(loop, loop.table.entry(of: self.seat)) }
            }
        }
        self.deliver(&run, loop, to: entry)
    }

    /// The member does not come.
    func cancel(_ loop: NamespaceLoop?) {
        for case .task(let task, _) in self.steps {
            task(loop, nil)
        }
    }

    private func deliver(_ run: inout RoomRun, _ loop: NamespaceLoop, to entry: MemberEntry) {
        guard !run.isEmpty, loop.table.entry(of: self.seat) === entry else { return }
        let last = run.last(of: loop.context.topic)
        loop.delivering { loop.hand(run, run.batch, last, to: entry) }
        run.removeAll()
    }

    /// Whether an event of a bridged room comes to the member from the log; see ``NamespaceLoop/catchUp(_:_:)``.
    private static func isKnown(_ item: RoomItem, _ loop: NamespaceLoop, _ known: Set<ExactString>) -> Bool {
        guard let place = item.place, place.log != loop.context.topic else { return false }
        return item.audience.rooms.contains { known.contains(ExactString($0)) }
    }
}

extension NamespaceLoop {
    // MARK: The old loop

    /// Lets a member go that has been given to another loop.
    func release(_ entry: MemberEntry) -> Departure {
        self.settle()
        var bridged: [ExactString: StreamPosition] = [:]
        for place in entry.places {
            let key = ExactString(place.room.name)
            bridged[key] = self.bridges[key]?.handed
        }
        let departure = Departure(
            member: entry.member,
            memberships: entry.places.map { StoredSession.Membership(room: $0.room.name, joined: $0.joined) },
            marks: entry.marks, history: entry.history, bridged: bridged)
        self.takeOut(entry, isMove: true)
        return departure
    }

    // MARK: The new loop

    func isExpecting(_ seat: RoomSeat) -> Bool {
        !self.arrivals.isEmpty && self.arrivals.contains { $0.seat === seat }
    }

    /// Begins to keep what is sent, for a member that is about to arrive.
    func expect(_ seat: RoomSeat) {
        self.settle()
        self.arrivals.append(Arrival(seat: seat))
    }

    /// - Parameter departure: `nil` if the old loop did not have the member any more.
    func complete(_ seat: RoomSeat, _ departure: Departure?) {
        self.settle()
        guard let index = self.arrivals.firstIndex(where: { $0.seat === seat }) else { return }
        let arrival = self.arrivals.remove(at: index)
        guard let departure else { return arrival.cancel(self) }
        let entry = MemberEntry(seat: seat, member: departure.member, history: departure.history)
        entry.marks = departure.marks
        self.table.insert(entry)
        for membership in departure.memberships {
            self.join(entry, membership.room, at: membership.joined, isMove: true)
        }
        arrival.finish(self, entry, without: Set(departure.bridged.keys))
        guard self.table.entry(of: seat) === entry else { return }
        for (room, position) in departure.bridged where entry.isMember(of: room.text) {
            self.catchUp(entry, room.text, from: position)
        }
    }

    /// Runs a task where a member is, or will be.
    func perform(_ seat: RoomSeat, _ task: @escaping MemberTask) {
        self.settle()
        if let arrival = self.arrivals.first(where: { $0.seat === seat }) {
            arrival.add(task, after: self.handed)
        } else {
            task(self, self.table.entry(of: seat))
        }
    }

    /// Calls `body` for every member of an audience, and `done` when those that are about to arrive have been called too.
    func visit(_ audience: Audience, _ body: @escaping (MemberEntry) -> Void, done: @escaping () -> Void) {
        self.settle()
        self.delivering { self.table.select(audience, body) }
        guard !self.arrivals.isEmpty else { return done() }
        var rest = self.arrivals.count
        for arrival in self.arrivals {
            let task: MemberTask = { loop, entry in
                if let entry, entry.belongs(to: audience) {
                    loop?.delivering { body(entry) }
                }
                rest -= 1
                if rest == 0 { done() }
            }
            arrival.add(task, after: self.handed)
        }
    }
}
