// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging

extension NamespaceRooms {
    // MARK: One member

    /// Adds a member, which is in the room of its own id and in those that are named.
    ///
    /// Another member of the same id on the same event loop is forgotten.
    ///
    /// - Parameter loop: the event loop that the member is with, as `LoopHub.number`.
    package func add(_ member: any RoomMember, loop: Int, rooms: [String] = []) -> RoomSeat {
        let seat = RoomSeat(id: member.id, loop: loop)
        self.run(on: loop) { loop in
            guard let loop else { return }
            let joined = loop.handed.offset
            loop.add(
                MemberEntry(seat: seat, member: member, history: loop.newHistory),
                rooms.map { StoredSession.Membership(room: $0, joined: joined) })
        }
        return seat
    }

    /// Takes a member out of all rooms.
    ///
    /// - Parameter session: what is to be kept of it for a while, if it may come back. Nothing is kept without recovery.
    package func remove(_ seat: RoomSeat, keeping session: LeavingSession? = nil) {
        let context = self.context
        self.perform(seat) { loop, entry in
            guard let loop, let entry else { return }
            if let session, let stored = loop.session(of: entry, session) {
                context.keep(stored, expiringOn: loop.loopHub.eventLoop)
            }
            loop.takeOut(entry)
        }
    }

    package func join(_ seat: RoomSeat, _ rooms: [String]) {
        self.perform(seat) { loop, entry in
            guard let loop, let entry else { return }
            loop.join(entry, rooms)
        }
    }

    package func leave(_ seat: RoomSeat, _ rooms: [String]) {
        self.perform(seat) { loop, entry in
            guard let loop, let entry else { return }
            for room in rooms { loop.leave(entry, room) }
        }
    }

    /// The rooms of a member, that of its own id first; `nil` if it has been removed. `completion` is called on the
    /// member's event loop, perhaps before the call returns.
    package func rooms(of seat: RoomSeat, completion: @escaping @Sendable ([String]?) -> Void) {
        self.perform(seat) { _, entry in completion(entry?.roomNames) }
    }

    package func rooms(of seat: RoomSeat) async -> [String]? {
        await withCheckedContinuation { continuation in
            self.rooms(of: seat) { continuation.resume(returning: $0) }
        }
    }

    /// The member is with another event loop from now on. To be called in ``EngineApplication/moved(toLoop:)``.
    ///
    /// Nothing is lost or comes twice, and the order is kept. What was sent before is handed to the member on the old loop.
    package func move(_ seat: RoomSeat, to loop: Int) {
        seat.move(to: loop) { old in self.beginMove(seat, from: old, to: loop) }
    }

    // MARK: All members

    /// Asks the members of an audience that are on this node, each on its event loop, after everything that this caller has sent
    /// before. Answers of `nil` are left out.
    ///
    /// `ask` may send to the member with ``RoomMember/deliver(_:)``: so the answers say who was sent something.
    package func gather<Answer: Sendable>(
        _ audience: Audience, _ ask: @escaping @Sendable (any RoomMember) -> Answer?,
        completion: @escaping @Sendable ([Answer]) -> Void
    ) {
        self.askAll { (loop, answer: @escaping ([Answer]) -> Void) in
            var answers: [Answer] = []
            loop.visit(audience) { entry in
                if let one = ask(entry.member) { answers.append(one) }
            } done: {
                answer(answers)
            }
        } completion: {
            completion($0.flatMap(\.self))
        }
    }

    package func gather<Answer: Sendable>(
        _ audience: Audience, _ ask: @escaping @Sendable (any RoomMember) -> Answer?
    ) async -> [Answer] {
        await withCheckedContinuation { continuation in
            self.gather(audience, ask) { continuation.resume(returning: $0) }
        }
    }

    /// Has the members of an audience that are on this node join rooms.
    ///
    /// - Parameter completion: called once it has happened, on any thread.
    package func joinAll(
        _ audience: Audience, _ rooms: [String], completion: @escaping @Sendable () -> Void = {}
    ) {
        self.changeAll(audience, completion) { loop, entry in loop.join(entry, rooms) }
    }

    /// Has the members of an audience that are on this node leave rooms.
    package func leaveAll(
        _ audience: Audience, _ rooms: [String], completion: @escaping @Sendable () -> Void = {}
    ) {
        self.changeAll(audience, completion) { loop, entry in
            for room in rooms { loop.leave(entry, room) }
        }
    }

    private func changeAll(
        _ audience: Audience, _ completion: @escaping @Sendable () -> Void,
        _ change: @escaping @Sendable (NamespaceLoop, MemberEntry) -> Void
    ) {
        self.askAll { (loop, answer: @escaping (Bool) -> Void) in
            var entries: [MemberEntry] = []
            loop.visit(audience) {
                entries.append($0)
            } done: {
                for entry in entries where loop.table.entry(of: entry.seat) === entry { change(loop, entry) }
                answer(true)
            }
        } completion: { _ in
            completion()
        }
    }

    /// The rooms that have members on this node, with how many; the rooms of their own ids too.
    package func roomSizes(completion: @escaping @Sendable ([String: Int]) -> Void) {
        self.roomSizes(withOwn: true, completion: completion)
    }

    /// The same without the rooms of their own ids.
    func sharedRoomSizes(completion: @escaping @Sendable ([String: Int]) -> Void) {
        self.roomSizes(withOwn: false, completion: completion)
    }

    private func roomSizes(withOwn: Bool, completion: @escaping @Sendable ([String: Int]) -> Void) {
        self.askAll { (loop, answer: @escaping ([String: Int]) -> Void) in
            var sizes: [String: Int] = [:]
            for room in loop.table.rooms.values { sizes[room.name, default: 0] += room.members.count }
            if withOwn {
                for entry in loop.table.entries { sizes[entry.id, default: 0] += 1 }
            }
            answer(sizes)
        } completion: { parts in
            completion(parts.reduce(into: [:]) { all, part in all.merge(part, uniquingKeysWith: +) })
        }
    }
}
