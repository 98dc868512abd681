// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import Synchronization

/// Tells what takes its time, without keeping the commits waiting: to moderators of reports, to everybody in a room of a message
/// to all of them; and has the outlet tell no more what was deleted.
///
/// It does one after the other, in the order in which it was stored: so what is deleted has been told before it is taken back.
final class Herald: Sendable {
    /// How much may wait to be told; what is more is told to nobody, and stands in the store. What is to be told no more waits
    /// however much there is.
    private static let queue = 10_000
    /// How many members are read at a time.
    private static let portion = 1_000

    private let store: any ChatStore
    private let outlet: any ChatOutlet
    private let unread: UnreadPusher
    private let limits: ChatLimits
    private let queue = AsyncStream.makeStream(of: Happening.self)
    private let waiting = Atomic(0)

    init(store: any ChatStore, outlet: any ChatOutlet, unread: UnreadPusher, limits: ChatLimits) {
        self.store = store
        self.outlet = outlet
        self.unread = unread
        self.limits = limits
    }

    func note(_ happenings: [Happening]) {
        for happening in happenings {
            switch happening {
            case .reported, .settled, .mentionedAll:
                guard self.waiting.load(ordering: .relaxed) < Self.queue else { continue }
                self.put(happening)
            case .withdrawn: self.put(happening)
            case .event, .admitted, .removed, .invited, .mentioned, .marked, .listed: break
            }
        }
    }

    private func put(_ happening: Happening) {
        self.waiting.wrappingAdd(1, ordering: .relaxed)
        self.queue.continuation.yield(happening)
    }

    func run() async {
        for await happening in self.queue.stream {
            self.waiting.wrappingSubtract(1, ordering: .relaxed)
            // A store that does not answer now keeps nobody from being told of the next.
            try? await self.tell(happening)
        }
    }

    /// What waits is told, and ``run()`` returns.
    func stop() { self.queue.continuation.finish() }

    private func tell(_ happening: Happening) async throws {
        switch happening {
        case .reported(let report): try await self.tell(.reported, report)
        case .settled(let report): try await self.tell(.reportSettled, report)
        case .mentionedAll(let message): try await self.tell(everybody: message)
        case .withdrawn(let redaction): self.outlet.redact(redaction)
        case .event, .admitted, .removed, .invited, .mentioned, .marked, .listed: break
        }
    }

    private func tell(_ name: ChatEventName, _ report: Report) async throws {
        let moderators = try await self.store.moderators(of: report.message.room, limit: self.limits.moderatorsTold)
        let payload = report.json
        self.outlet.publish(moderators.map { .event(.person($0), name, payload: payload) })
    }

    /// In a room that anybody may call together all of the others; in larger rooms those who are there.
    private func tell(everybody message: Message) async throws {
        var last: UserID?
        repeat {
            let key = MemberKey(message.room, message.user)
            let rows = try await self.store.members(key, all: false, after: last, limit: Self.portion)
            // What was deleted in the meantime is not told again.
            guard let rows,
                try await self.store.message(message.id, for: message.user)?.messages.first?.isDeleted == false
            else { return }
            let others = rows.members.map(\.user).filter { $0 != message.user }
            let isSmall = rows.access.room.members <= self.limits.mentionAll
            let told = isSmall ? others : self.outlet.listening(among: others).sorted()
            let payload = message.json
            self.outlet.publish(told.map { .event(.person($0), .mention, payload: payload) })
            self.unread.note(members: told.map { MemberKey(message.room, $0) })
            last = rows.members.count < Self.portion ? nil : rows.members.last?.user
        } while last != nil
    }
}
