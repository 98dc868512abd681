// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiMessaging

/// Where a page of history lies.
public enum HistoryAnchor: Hashable, Sendable {
    case newest
    case oldest
    /// The first message after the reader's last-read marker; the newest if all are read.
    case firstUnread
    /// The message with this sequence, or its place if it is not there.
    case sequence(Int64)
    /// The first message of this time or later; the newest if there is none.
    case date(Timestamp)
}

/// A page around an anchor, of messages that are not hard-deleted.
public struct HistoryQuery: Hashable, Sendable {
    public var key: MemberKey
    public var window: ReadingWindow
    public var anchor: HistoryAnchor
    /// How many before the anchor.
    public var before: Int
    /// How many after it. The anchor itself comes in addition.
    public var after: Int
    /// Only the thread that begins with this message, itself included.
    public var thread: Int64?

    public init(
        key: MemberKey, window: ReadingWindow = .open, anchor: HistoryAnchor, before: Int, after: Int,
        thread: Int64? = nil
    ) {
        self.key = key
        self.window = window
        self.anchor = anchor
        self.before = before
        self.after = after
        self.thread = thread
    }
}

/// What a store found for a page; ``HistoryPage`` is made of it.
public struct HistoryRows: Hashable, Sendable {
    public var access: RoomAccess
    /// The anchor as a sequence: of the newest or oldest message, of the first unread one…; it need not be there.
    public var anchor: Int64
    /// Messages before the anchor, the nearest first, up to one more than were asked for.
    public var earlier: [Message]
    /// Messages from the anchor on, the nearest first, up to two more than were asked for.
    public var later: [Message]

    public init(access: RoomAccess, anchor: Int64, earlier: [Message], later: [Message]) {
        self.access = access
        self.anchor = anchor
        self.earlier = earlier
        self.later = later
    }
}
