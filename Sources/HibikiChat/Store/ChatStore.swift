// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Where rooms and messages are kept.
///
/// `ChatStoreContract` in the tests holds every implementation to what is said here.
public protocol ChatStore: Sendable {
    /// One transaction: loads what is needed, lets `decide` look at it, stores the changes. What it returns is durable.
    ///
    /// Rooms that were loaded cannot change under it, nor what belongs to them. What was missing may come into being, in another
    /// process: storing fails then, and the transaction begins again; so `decide` may be called several times, and its last
    /// answer counts.
    func commit<Outcome: Sendable>(
        _ needs: ChatNeeds, _ decide: @escaping @Sendable (ChatFacts) -> (changes: ChatChanges, outcome: Outcome)
    ) async throws -> Outcome

    // What follows reads; each from one snapshot.

    /// `nil` if there is no such room.
    func access(_ key: MemberKey) async throws -> RoomAccess?
    func history(_ query: HistoryQuery) async throws -> HistoryRows?
    func events(_ query: EventsQuery) async throws -> EventRows?
    /// Messages that are pinned, the last pinned first.
    func pinned(_ key: MemberKey, within window: ReadingWindow, limit: Int) async throws -> MessageRows?
    func message(_ id: MessageID, for reader: UserID) async throws -> MessageRows?
    /// The earlier wordings, the first one first.
    func edits(of id: MessageID, limit: Int) async throws -> [Edit]
    /// By user id, those who have joined; with `all`, also those who were removed, and the invited.
    func members(_ key: MemberKey, all: Bool, after: UserID?, limit: Int) async throws -> MemberRows?
    /// Complaints, by number; those in one state, or all.
    func reports(_ room: RoomID, _ state: Report.State?, after number: Int64, limit: Int) async throws -> [Report]
    /// Those who have joined and keep order there: the role ``Role/moderator`` or a higher one; by user id.
    func moderators(of room: RoomID, limit: Int) async throws -> [UserID]
    /// Links that were not revoked, the oldest first.
    func invites(_ room: RoomID, limit: Int) async throws -> [Invite]
    /// The rooms that somebody has joined or is invited to, by id.
    func rooms(of user: UserID, after: RoomID?, limit: Int, counting: Int64) async throws -> [RoomSummary]
    /// Public rooms, by id.
    func publicRooms(after: RoomID?, limit: Int) async throws -> [Room]
    /// Who has joined these rooms, of rooms with at most `members` of them.
    func joined(in rooms: [RoomID], upTo members: Int) async throws -> [MemberKey]
    /// How much these members have not read, of those who have joined.
    func unread(of keys: [MemberKey], counting: Int64) async throws -> [UnreadCount]
    /// Others who have joined a direct or group room that this person has joined, by user id.
    func companions(of user: UserID, after: UserID?, limit: Int) async throws -> [UserID]
    /// Of these people, those who are companions in that sense.
    func companions(of user: UserID, among people: [UserID]) async throws -> Set<UserID>
    /// Whom somebody has listed, by user id.
    func contacts(of user: UserID, after: UserID?, limit: Int) async throws -> [Contact]
    /// Of these people, those who have listed this one.
    func listing(_ user: UserID, among people: [UserID]) async throws -> Set<UserID>
    /// The reactions of one person to these messages.
    func reactions(of user: UserID, to messages: [MessageID]) async throws -> Set<Reaction>
    /// The newest first, in rooms that the reader has joined.
    func search(_ query: SearchQuery) async throws -> [Message]

    // What follows changes many rows at once, in rooms that it locks as a commit does.

    /// Writes down that a person is to be taken out, so that it is not forgotten until it is done: see ``Erasure``.
    ///
    /// - Returns: the erasure of that person that was begun before, if one is under way; else the same.
    func begin(_ erasure: Erasure) async throws -> Erasure
    /// Takes a part of a person out: at most `limit` rows of each kind. After the last part the erasure is written down no more.
    func erase(_ erasure: Erasure, _ step: ErasureStep, limit: Int) async throws -> ErasedPortion
    /// What was begun and is not done, by user id.
    func erasures(limit: Int) async throws -> [Erasure]
    /// Forgets what is older, at most `limit` messages and events each, the oldest first; to be called again until nothing is left.
    /// The rooms' ``Room/firstSequence`` and ``Room/firstRevision`` follow, to one after what was forgotten last, and ``Room/pins``.
    func trim(_ retention: ChatRetention, limit: Int) async throws -> TrimCount
}
