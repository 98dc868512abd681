// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import NIOCore
import Synchronization

extension NamespaceRooms {
    /// Hands over what is kept of a session; nobody else gets it afterwards.
    ///
    /// - Parameter completion: called on any thread; `nil` without recovery, or if nothing is kept.
    package func takeSession(_ privateID: String, completion: @escaping @Sendable (StoredSession?) -> Void) {
        guard let sessions = self.context.sessions else { return completion(nil) }
        sessions.take(privateID, at: self.context.configuration.now(), completion: completion)
    }

    /// Adds a member that continues a session, and hands over what it has missed.
    ///
    /// - Parameters:
    ///   - member: has the id that the session's socket had.
    ///   - offset: what the client names as the last event that it has got; `nil` if it has got none.
    ///   - mayStayIn: asked on the event loop for each room but the member's own; what was told to a room that it refuses is not missed.
    ///   - completion: called once, on the event loop, before anything else is delivered to the member. With `nil` the session
    ///     cannot be continued, and the member has not been added.
    package func restore(
        _ member: any RoomMember, loop: Int, session: StoredSession, offset: String?,
        mayStayIn: @escaping @Sendable (_ room: String) -> Bool,
        completion: @escaping @Sendable (Restored?) -> Void
    ) {
        self.run(on: loop) { loop in
            var session = session
            // In the same turn in which the member is added: whoever is taken out of a room from now on is found there.
            session.memberships.removeAll { $0.room != member.id && !mayStayIn($0.room) }
            completion(loop?.restore(member, session, offset))
        }
    }
}

extension NamespaceLoop {
    /// The log is read in the same turn in which the member is added. What is on its way here meanwhile and was read
    /// already is known by its offset: so nothing is lost between log and loop, and nothing comes twice.
    func restore(_ member: any RoomMember, _ session: StoredSession, _ offset: String?) -> Restored? {
        guard let limits = self.context.recovery, let start = session.start(after: offset),
            let missed = MissedEvents(after: start, for: session, self.context, limits)
        else { return nil }
        let lastSent = missed.last ?? session.history.lastSent
        let entry = MemberEntry(
            seat: RoomSeat(id: member.id, loop: self.loopHub.number), member: member,
            history: MemberHistory(connected: start, lastSent: lastSent))
        if missed.end != self.handed {
            entry.marks = [LogMark(log: self.context.topic, epoch: missed.end.epoch, next: missed.end.offset + 1)]
        }
        self.add(entry, session.memberships)
        return Restored(seat: entry.seat, rooms: session.rooms, missed: missed.packets)
    }
}

extension NamespaceContext {
    /// Keeps a session, and sees to it that it goes when its time is over.
    func keep(_ session: StoredSession, expiringOn eventLoop: any EventLoop) {
        guard let sessions = self.sessions, let recovery = self.recovery else { return }
        sessions.save(session)
        guard !self.isExpiring.exchange(true, ordering: .relaxed) else { return }
        self.expire(sessions, every: TimeAmount(recovery.window), on: eventLoop)
    }

    private func expire(_ sessions: any SessionStore, every time: TimeAmount, on eventLoop: any EventLoop) {
        eventLoop.scheduleTask(in: time) {
            if sessions.expire(at: self.configuration.now()) {
                self.expire(sessions, every: time, on: eventLoop)
            } else {
                self.isExpiring.store(false, ordering: .relaxed)
            }
        }
    }
}
