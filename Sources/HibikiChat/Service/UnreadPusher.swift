// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire
import NIOCore
import Synchronization

/// Tells people how much they have not read. The first change is counted at once; what changes while a round is counted, and in the
/// pause behind it, is collected for the next, so that a storm of messages costs some rounds in a second and not one for each message.
final class UnreadPusher: Sendable {
    private struct State {
        var rooms: Set<RoomID> = []
        var members: Set<MemberKey> = []
        var sleeper: CheckedContinuation<Void, Never>?
        var isStopped = false

        var isEmpty: Bool { self.rooms.isEmpty && self.members.isEmpty }
    }

    private let store: any ChatStore
    private let outlet: any ChatOutlet
    private let limits: ChatLimits
    private let pause: Duration
    private let state = Mutex(State())

    init(store: any ChatStore, outlet: any ChatOutlet, limits: ChatLimits, pause: Duration) {
        self.store = store
        self.outlet = outlet
        self.limits = limits
        self.pause = pause
    }

    func note(_ happenings: [Happening]) {
        var rooms: Set<RoomID> = []
        var members: Set<MemberKey> = []
        for happening in happenings {
            switch happening {
            case .event(let row, let room):
                switch row.event.kind {
                case .message, .messageDeleted, .personErased:
                    if room.members <= self.limits.unreadMembers { rooms.insert(room.id) }
                default: break
                }
            case .marked(let key): members.insert(key)
            // However large the room is.
            case .mentioned(let user, let message): members.insert(MemberKey(message.room, user))
            case .admitted, .removed, .invited, .mentionedAll, .reported, .settled, .listed, .withdrawn: break
            }
        }
        self.note(rooms, members)
    }

    /// However large their rooms are.
    func note(members: [MemberKey]) { self.note([], Set(members)) }

    private func note(_ rooms: Set<RoomID>, _ members: Set<MemberKey>) {
        guard !rooms.isEmpty || !members.isEmpty else { return }
        let sleeper = self.state.withLock { state in
            state.rooms.formUnion(rooms)
            state.members.formUnion(members)
            return state.sleeper.take()
        }
        sleeper?.resume()
    }

    func run() async {
        while let (rooms, members) = await self.nextRound() {
            // Counts that could not be made are made with the next message; nothing is lost that is not counted anew.
            try? await self.push(rooms, members)
            if !self.isStopped { try? await Task.sleep(for: self.pause) }
        }
    }

    private var isStopped: Bool { self.state.withLock { $0.isStopped } }

    func stop() {
        let sleeper = self.state.withLock { state in
            state.isStopped = true
            return state.sleeper.take()
        }
        sleeper?.resume()
    }

    private func nextRound() async -> (rooms: Set<RoomID>, members: Set<MemberKey>)? {
        while true {
            let (round, isStopped) = self.state.withLock { state in
                defer { (state.rooms, state.members) = ([], []) }
                return ((state.rooms, state.members), state.isStopped)
            }
            if !round.0.isEmpty || !round.1.isEmpty { return round }
            if isStopped { return nil }
            await withCheckedContinuation { continuation in
                let hasWork = self.state.withLock { state in
                    guard state.isEmpty, !state.isStopped else { return true }
                    state.sleeper = continuation
                    return false
                }
                if hasWork { continuation.resume() }
            }
        }
    }

    private func push(_ rooms: Set<RoomID>, _ members: Set<MemberKey>) async throws {
        var keys = members
        if !rooms.isEmpty {
            keys.formUnion(try await self.store.joined(in: rooms.sorted(), upTo: self.limits.unreadMembers))
        }
        let listening = self.outlet.listening(among: Set(keys.map(\.user)).sorted())
        let counted = keys.filter { listening.contains($0.user) }.sorted { ($0.room, $0.user) < ($1.room, $1.user) }
        guard !counted.isEmpty else { return }
        let counts = try await self.store.unread(of: counted, counting: self.limits.unread)
        self.outlet.publish(counts.map(Self.news))
    }

    private static func news(_ count: UnreadCount) -> ChatNews {
        let payload = ByteBuffer.jsonObject { object in
            object.put("roomId", count.key.room.rawValue)
            object.put("unread", count.unread)
            object.put("unreadMentions", count.unreadMentions)
            object.put("lastRead", count.lastRead)
            if count.lastRead > 0 {
                object.put("lastReadId", MessageID(count.key.room, count.lastRead).description)
            }
        }
        return .event(.person(count.key.user), .unread, payload: payload)
    }
}
