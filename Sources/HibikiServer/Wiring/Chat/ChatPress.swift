// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat
import HibikiMessaging
import HibikiTransports
import HibikiWire
import Logging
import NIOCore
import Synchronization

/// Publishes what happens in the chat: to the topic of the room, or to that of a person, in the order in which it was stored.
final class ChatPress: ChatOutlet {
    /// What nobody has to be told again: it goes to those who listen now, and no log keeps it.
    private static let passing: Set<ChatEventName> = [.typing, .stopTyping, .roomInfo]

    /// The connection that something comes from which is told while it is being done: it is not told itself.
    @TaskLocal static var source: Caller?

    private let hub: Hub
    private let removals: RecentRemovals
    private let attendance: Attendance
    private let redactor: ChatRedactor
    private let logger: Logger
    /// Events that the log had no room for. Whoever listens misses them, and asks for them by their revision.
    private let lost = Atomic(0)

    init(hub: Hub, removals: RecentRemovals, attendance: Attendance, namespaces: [String], logger: Logger) {
        self.hub = hub
        self.removals = removals
        self.attendance = attendance
        self.redactor = ChatRedactor(log: hub.broker.log, namespaces: namespaces)
        self.logger = logger
    }

    var lostEvents: Int { self.lost.load(ordering: .relaxed) }

    func publish(_ news: [ChatNews]) {
        let now = Timestamp.now()
        for item in news {
            switch item {
            case .event(let audience, let name, let payload): self.publish(name, payload, to: audience, at: now)
            case .admitted(let user, let room): self.removals.remove(MemberKey(room, user))
            case .removed(let user, let room): self.remove(user, from: room, at: now)
            }
        }
    }

    func redact(_ redaction: ChatRedaction) { self.redactor.redact(redaction) }

    func listening(among people: [UserID]) -> Set<UserID> {
        let present = self.attendance.present(among: people.lazy.map(\.rawValue))
        return Set(people.filter { present.contains(ExactString($0.rawValue)) })
    }

    private func publish(_ name: ChatEventName, _ payload: ByteBuffer, to audience: ChatAudience, at now: Timestamp) {
        guard let topic = try? Topic(audience.topicName) else { return }
        guard !Self.passing.contains(name) else {
            let source = Self.source
            return self.hub.send(
                Signal(
                    name.rawValue, on: topic, from: source?.client, socket: source?.socket, payload: payload,
                    timestamp: now))
        }
        self.hub.publish(Draft(topic: topic, event: name.rawValue, payload: payload), at: now) { result in
            guard case .failure(let error) = result else { return }
            self.lost.wrappingAdd(1, ordering: .relaxed)
            self.logger.warning(
                "an event of the chat is stored, but was not told to those who listen",
                metadata: ["code": "\(error.code.rawValue)"])
        }
    }

    /// The mark comes first: see ``RecentRemovals``.
    private func remove(_ user: UserID, from room: RoomID, at now: Timestamp) {
        self.removals.add(MemberKey(room, user), at: now)
        _ = self.attendance.stopped(TypingTable.Typist(user.rawValue, in: room.rawValue))
        if let topic = ChatTopics.topic(of: room) { self.hub.evict(user.rawValue, from: topic) }
    }
}
