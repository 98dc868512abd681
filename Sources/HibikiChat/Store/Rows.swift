// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public struct EventsQuery: Hashable, Sendable {
    public var key: MemberKey
    public var window: ReadingWindow
    /// Events with a higher revision.
    public var since: Int64
    public var limit: Int

    public init(key: MemberKey, window: ReadingWindow = .open, since: Int64, limit: Int) {
        self.key = key
        self.window = window
        self.since = since
        self.limit = limit
    }
}

/// An event, and the message that it is about as that stands now.
public struct EventRow: Hashable, Sendable {
    public var event: ChatEvent
    public var message: Message?

    public init(event: ChatEvent, message: Message?) {
        self.event = event
        self.message = message
    }
}

public struct EventRows: Hashable, Sendable {
    public var access: RoomAccess
    /// By revision.
    public var rows: [EventRow]

    public init(access: RoomAccess, rows: [EventRow]) {
        self.access = access
        self.rows = rows
    }
}

public struct MessageRows: Hashable, Sendable {
    public var access: RoomAccess
    public var messages: [Message]

    public init(access: RoomAccess, messages: [Message]) {
        self.access = access
        self.messages = messages
    }
}

public struct MemberRows: Hashable, Sendable {
    public var access: RoomAccess
    public var members: [Membership]

    public init(access: RoomAccess, members: [Membership]) {
        self.access = access
        self.members = members
    }
}

/// A room in somebody's list.
public struct RoomSummary: Hashable, Sendable {
    public var room: Room
    public var membership: Membership
    public var unread: Int64
    public var unreadMentions: Int64
    /// The newest message that is not hard-deleted; none for an invitation.
    public var last: Message?

    public init(room: Room, membership: Membership, unread: Int64, unreadMentions: Int64, last: Message?) {
        self.room = room
        self.membership = membership
        self.unread = unread
        self.unreadMentions = unreadMentions
        self.last = last
    }
}

/// How much of a room somebody has not read.
///
/// Counted are messages after the last-read marker that others have written, that are no system messages and not deleted; of them
/// only those among the last `counting` sequences of the room. Mentions are counted in the same messages.
public struct UnreadCount: Hashable, Sendable {
    public var key: MemberKey
    public var lastRead: Int64
    public var unread: Int64
    public var unreadMentions: Int64

    public init(key: MemberKey, lastRead: Int64, unread: Int64, unreadMentions: Int64) {
        self.key = key
        self.lastRead = lastRead
        self.unread = unread
        self.unreadMentions = unreadMentions
    }
}
