// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiMessaging
import HibikiWire

extension ChatService {
    func read(_ order: ChatOrder) async throws -> ChatResult {
        switch order.command {
        case .room(let room): .room(try await self.access(to: room, order))
        case .rooms(let after, let limit): try await self.rooms(after, limit, order)
        case .publicRooms(let after, let limit): try await self.publicRooms(after, limit)
        case .members(let room, let after, let limit): try await self.members(of: room, after, limit, order)
        case .history(let request): .history(try await self.history(request, order))
        case .events(let room, let since, let limit):
            .events(try await self.events(of: room, since: since, limit: limit, order))
        case .message(let id): .message(try await self.message(id, order.person, at: order.now))
        case .edits(let id): try await self.edits(of: id, order)
        case .pins(let room): try await self.pins(of: room, order)
        case .reports(let room, let state, let after, let limit):
            try await self.reports(of: room, state, after, limit, order)
        case .contacts(let after, let limit): try await self.contacts(after, limit, order)
        case .invites(let room): try await self.invites(of: room, order)
        case .search(let request): try await self.search(request, order)
        case .export(let room, let from): try await self.export(room, from: from, order)
        default: throw WireError(.internalError, "a command that changes something was to be read")
        }
    }

    /// Whether a person may listen to a room's events.
    public func mayListen(_ person: ChatPerson, to room: RoomID, at now: Timestamp) async throws -> Bool {
        guard let access = try await self.store.access(MemberKey(room, person.id)) else { return false }
        guard !person.isAdministrator else { return true }
        return access.membership?.isJoined ?? false
    }

    // MARK: Who may

    /// The room of a command, if the person is in it with the right that the command takes.
    private func access(to room: RoomID, _ order: ChatOrder) async throws -> RoomAccess {
        guard let access = try await self.store.access(order.own(room)) else { throw WireError.noSuchRoom }
        try self.check(access, order)
        return access
    }

    private func check(_ access: RoomAccess, _ order: ChatOrder) throws {
        guard !order.person.isAdministrator else { return }
        try access.allow(order.command.right(in: access.room.kind) ?? .read, at: order.now)
    }

    /// Reads with the window of somebody who is in the room, which nearly everybody is, and again with a narrower one if the room
    /// as it was read says so. What is returned and the membership are of one moment.
    private func read<Rows>(
        _ order: ChatOrder, _ load: (ReadingWindow) async throws -> Rows?, access: (Rows) -> RoomAccess
    ) async throws -> (rows: Rows, window: ReadingWindow) {
        var window = ReadingWindow.open
        // Each further round takes a removal or an arrival in the moment between two reads.
        for _ in 0..<8 {
            guard let rows = try await load(window) else { throw WireError.noSuchRoom }
            let allowed = order.person.isAdministrator ? .open : try access(rows).window(at: order.now)
            if allowed == window { return (rows, window) }
            window = allowed
        }
        throw WireError(.overloaded, "the membership changes too fast to be read; try again")
    }

    // MARK: Messages

    private func history(_ request: HistoryRequest, _ order: ChatOrder) async throws -> HistoryPage {
        let query = request.query(order.own(request.room), self.configuration.limits)
        let (rows, _) = try await self.read(order) { window in
            var query = query
            query.window = window
            return try await self.store.history(query)
        } access: {
            $0.access
        }
        return HistoryPage(rows, of: query)
    }

    func events(of room: RoomID, since: Int64, limit: Int?, _ order: ChatOrder) async throws -> EventPage {
        guard since >= 0 else { throw WireError.invalid("since: expected 0 or more") }
        let limits = self.configuration.limits
        let limit = max(1, min(limit ?? limits.entries, limits.entries))
        let (rows, window) = try await self.read(order) { window in
            let query = EventsQuery(key: order.own(room), window: window, since: since, limit: limit + 1)
            return try await self.store.events(query)
        } access: {
            $0.access
        }
        return EventPage(rows, since: since, limit: limit, window: window)
    }

    func message(_ id: MessageID, _ person: ChatPerson, at now: Timestamp) async throws -> Message {
        guard let rows = try await self.store.message(id, for: person.id) else { throw WireError.noSuchRoom }
        let window = person.isAdministrator ? .open : try rows.access.window(at: now)
        guard let message = rows.messages.first, message.deletion != .hard, window.holds(message) else {
            throw WireError.noSuchMessage
        }
        return message
    }

    private func edits(of id: MessageID, _ order: ChatOrder) async throws -> ChatResult {
        // What was read before somebody is found in the room is not newer than a removal.
        let edits = try await self.store.edits(of: id, limit: self.configuration.limits.edits)
        let access = try await self.access(to: id.room, order)
        let message = try await self.message(id, order.person, at: order.now)
        let isModerator = order.person.isAdministrator || (access.membership?.role ?? .reader) >= .moderator
        guard !message.isDeleted || isModerator else { throw WireError.noSuchMessage }
        return .edits(edits)
    }

    private func pins(of room: RoomID, _ order: ChatOrder) async throws -> ChatResult {
        let (rows, _) = try await self.read(order) { window in
            try await self.store.pinned(order.own(room), within: window, limit: self.configuration.limits.pins)
        } access: {
            $0.access
        }
        return .pins(rows.messages)
    }

    private func search(_ request: SearchRequest, _ order: ChatOrder) async throws -> ChatResult {
        let limits = self.configuration.limits
        let limit = max(1, min(request.limit ?? limits.page, limits.history))
        var query = try SearchQuery(request, by: order.person.id, limit: limit)
        query.limit = limit + 1
        if let room = query.room { _ = try await self.access(to: room, order) }
        let found = try await self.store.search(query)
        let page = Array(found.prefix(limit))
        return .found(page, cursor: found.count > limit ? page.last.map { SearchCursor($0) } : nil)
    }

    // MARK: Rooms and people

    private func entries(_ limit: Int?) -> Int {
        max(1, min(limit ?? self.configuration.limits.page, self.configuration.limits.entries))
    }

    private func rooms(_ after: RoomID?, _ limit: Int?, _ order: ChatOrder) async throws -> ChatResult {
        let limit = self.entries(limit)
        let rooms = try await self.store.rooms(
            of: order.person.id, after: after, limit: limit + 1, counting: self.configuration.limits.unread)
        return .rooms(Array(rooms.prefix(limit)), hasMore: rooms.count > limit)
    }

    private func publicRooms(_ after: RoomID?, _ limit: Int?) async throws -> ChatResult {
        let limit = self.entries(limit)
        let rooms = try await self.store.publicRooms(after: after, limit: limit + 1)
        return .publicRooms(Array(rooms.prefix(limit)), hasMore: rooms.count > limit)
    }

    private func members(
        of room: RoomID, _ after: UserID?, _ limit: Int?, _ order: ChatOrder
    ) async throws -> ChatResult {
        let limit = self.entries(limit)
        let access = try await self.access(to: room, order)
        // Who was banned or invited is for those who keep order.
        let all = order.person.isAdministrator || (access.membership?.role ?? .reader) >= .moderator
        let rows = try await self.store.members(order.own(room), all: all, after: after, limit: limit + 1)
        guard let rows else { throw WireError.noSuchRoom }
        try self.check(rows.access, order)
        return .members(Array(rows.members.prefix(limit)), hasMore: rows.members.count > limit)
    }

    private func contacts(_ after: UserID?, _ limit: Int?, _ order: ChatOrder) async throws -> ChatResult {
        let limit = self.entries(limit)
        let contacts = try await self.store.contacts(of: order.person.id, after: after, limit: limit + 1)
        return .contacts(Array(contacts.prefix(limit)), hasMore: contacts.count > limit)
    }

    private func reports(
        of room: RoomID, _ state: Report.State?, _ after: Int64, _ limit: Int?, _ order: ChatOrder
    ) async throws -> ChatResult {
        let limit = self.entries(limit)
        let reports = try await self.store.reports(room, state, after: after, limit: limit + 1)
        _ = try await self.access(to: room, order)
        return .reports(Array(reports.prefix(limit)), hasMore: reports.count > limit)
    }

    private func invites(of room: RoomID, _ order: ChatOrder) async throws -> ChatResult {
        let invites = try await self.store.invites(room, limit: self.configuration.limits.entries)
        _ = try await self.access(to: room, order)
        return .invites(invites)
    }
}
