// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat
import HibikiMessaging
import Synchronization

/// Says who may follow the topics of the chat: members a room's, and everybody their own.
struct ChatTopics: TopicOwner {
    static let rooms = "rooms/"
    static let users = "users/"

    let store: any ChatStore
    let removals: RecentRemovals

    func owns(_ topic: Topic) -> Bool { Self.isOfChat(topic) }

    /// Whether a topic is a room's or a person's. Those below it, such as `users/alice/inbox`, are anybody's to have rules for.
    static func isOfChat(_ topic: Topic) -> Bool {
        self.isName(in: topic, after: self.rooms) || self.isName(in: topic, after: self.users)
    }

    private static func isName(in topic: Topic, after prefix: String) -> Bool {
        topic.name.utf8.starts(with: prefix.utf8)
            && !topic.name.utf8.dropFirst(prefix.utf8.count).contains(UInt8(ascii: "/"))
    }

    /// The topic of this name, if it is of the chat.
    static func named(_ name: String) -> Topic? {
        guard let topic = try? Topic(name), self.isOfChat(topic) else { return nil }
        return topic
    }

    static func room(of topic: Topic) -> RoomID? {
        guard topic.name.utf8.starts(with: Self.rooms.utf8) else { return nil }
        return RoomID(rawValue: String(topic.name.dropFirst(Self.rooms.count)))
    }

    static func topic(of room: RoomID) -> Topic? { try? Topic(Self.rooms + room.rawValue) }
    static func topic(of user: String) -> Topic? {
        UserID(rawValue: user).flatMap { try? Topic(ChatAudience.person($0).topicName) }
    }

    func known(_ topic: Topic, of principal: Principal, at now: Timestamp) -> Bool? {
        guard let id = principal.id, let user = UserID(rawValue: id) else { return false }
        guard topic.name.utf8.starts(with: Self.rooms.utf8) else {
            return topic.name.utf8.dropFirst(Self.users.utf8.count).elementsEqual(user.segment.utf8)
        }
        guard let room = Self.room(of: topic) else { return false }
        return self.removals.contains(MemberKey(room, user)) ? false : nil
    }

    func ask(_ topic: Topic, of principal: Principal, at now: Timestamp) async -> AuthorizationAnswer {
        guard let room = Self.room(of: topic), let user = principal.id.flatMap({ UserID(rawValue: $0) }) else {
            return self.known(topic, of: principal, at: now) == true ? .allowed : .denied
        }
        do {
            return try await self.store.access(MemberKey(room, user))?.membership?.isJoined ?? false
                ? .allowed : .denied
        } catch {
            return .unavailable
        }
    }
}

/// Who was taken out of which room a moment ago.
///
/// Somebody may have been asked about just before the removal, and begin to listen just after it. So everybody who begins to listen
/// looks here, at the last moment; by then either the removal stands here, or it has yet to come and will find the listener.
final class RecentRemovals: Sendable {
    /// Longer than any answer of a store is waited for.
    private static let memory: Duration = .seconds(120)
    /// How many are looked through at most before the old ones are dropped.
    private static let portion = 1_024

    private struct State {
        var removed: [MemberKey: Timestamp] = [:]
        var dropAt = RecentRemovals.portion
    }

    private let state = Mutex(State())

    func contains(_ key: MemberKey) -> Bool {
        self.state.withLock { $0.removed[key] != nil }
    }

    func add(_ key: MemberKey, at now: Timestamp) {
        self.state.withLock { state in
            state.removed[key] = now
            guard state.removed.count >= state.dropAt else { return }
            state.removed = state.removed.filter { now.since($0.value) < Self.memory }
            state.dropAt = max(Self.portion, state.removed.count * 2)
        }
    }

    func remove(_ key: MemberKey) {
        self.state.withLock { $0.removed[key] = nil }
    }
}
