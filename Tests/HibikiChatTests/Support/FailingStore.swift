// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat

/// A store in memory whose commits fail as they are told to: before anything is stored, or after all is.
struct FailingStore: ChatStore {
    let store = MemoryChatStore()
    let failures: @Sendable (ChatNeeds) -> (before: (any Error)?, after: (any Error)?)

    init(_ failures: @escaping @Sendable (ChatNeeds) -> (before: (any Error)?, after: (any Error)?)) {
        self.failures = failures
    }

    func commit<Outcome: Sendable>(
        _ needs: ChatNeeds, _ decide: @escaping @Sendable (ChatFacts) -> (changes: ChatChanges, outcome: Outcome)
    ) async throws -> Outcome {
        let (before, after) = self.failures(needs)
        if let before { throw before }
        let outcome = try await self.store.commit(needs, decide)
        if let after { throw after }
        return outcome
    }

    func access(_ key: MemberKey) async throws -> RoomAccess? { try await self.store.access(key) }
    func history(_ query: HistoryQuery) async throws -> HistoryRows? { try await self.store.history(query) }
    func events(_ query: EventsQuery) async throws -> EventRows? { try await self.store.events(query) }
    func pinned(_ key: MemberKey, within window: ReadingWindow, limit: Int) async throws -> MessageRows? { nil }
    func message(_ id: MessageID, for reader: UserID) async throws -> MessageRows? { nil }
    func edits(of id: MessageID, limit: Int) async throws -> [Edit] { [] }
    func members(_ key: MemberKey, all: Bool, after: UserID?, limit: Int) async throws -> MemberRows? { nil }
    func reports(_ room: RoomID, _ state: Report.State?, after number: Int64, limit: Int) async throws -> [Report] {
        []
    }
    func moderators(of room: RoomID, limit: Int) async throws -> [UserID] { [] }
    func contacts(of user: UserID, after: UserID?, limit: Int) async throws -> [Contact] { [] }
    func listing(_ user: UserID, among people: [UserID]) async throws -> Set<UserID> { [] }
    func invites(_ room: RoomID, limit: Int) async throws -> [Invite] { [] }
    func rooms(of user: UserID, after: RoomID?, limit: Int, counting: Int64) async throws -> [RoomSummary] { [] }
    func publicRooms(after: RoomID?, limit: Int) async throws -> [Room] { [] }
    func joined(in rooms: [RoomID], upTo members: Int) async throws -> [MemberKey] { [] }
    func unread(of keys: [MemberKey], counting: Int64) async throws -> [UnreadCount] { [] }
    func companions(of user: UserID, after: UserID?, limit: Int) async throws -> [UserID] { [] }
    func companions(of user: UserID, among people: [UserID]) async throws -> Set<UserID> { [] }
    func reactions(of user: UserID, to messages: [MessageID]) async throws -> Set<Reaction> { [] }
    func search(_ query: SearchQuery) async throws -> [Message] { [] }
    func begin(_ erasure: Erasure) async throws -> Erasure { erasure }
    func erasures(limit: Int) async throws -> [Erasure] { [] }
    func erase(_ erasure: Erasure, _ step: ErasureStep, limit: Int) async throws -> ErasedPortion {
        ErasedPortion(next: nil)
    }
    func trim(_ retention: ChatRetention, limit: Int) async throws -> TrimCount { TrimCount(messages: 0, events: 0) }
}
