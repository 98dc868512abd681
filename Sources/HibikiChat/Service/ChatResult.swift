// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

/// What a command came to.
public enum ChatResult: Hashable, Sendable {
    case done
    /// Something happened in the room; or nothing, because it was so already, and the revision is that of the room.
    case changed(RoomID, revision: Int64)
    case room(RoomAccess)
    case joined(RoomAccess, events: EventPage?)
    case invite(Invite)
    case sent(Message, isDuplicate: Bool)
    case message(Message)
    case marked(Membership)
    case rooms([RoomSummary], hasMore: Bool)
    case publicRooms([Room], hasMore: Bool)
    case members([Membership], hasMore: Bool)
    case history(HistoryPage)
    case events(EventPage)
    case edits([Edit])
    case pins([Message])
    case report(Report)
    case reports([Report], hasMore: Bool)
    case contacts([Contact], hasMore: Bool)
    case invites([Invite])
    case found([Message], cursor: SearchCursor?)
    /// JSON lines, and the sequence from which to go on.
    case exported(ByteBuffer, next: Int64?)
    case erased(pseudonym: UserID, rooms: Int)
    /// A part of an erasure was done: what the writer says to whoever goes on with it, and nobody's answer.
    case erasing(RoomID?, next: ErasureStep?)
}

/// A page of a room's messages, the oldest first.
public struct HistoryPage: Hashable, Sendable {
    public var room: RoomID
    public var messages: [Message]
    /// Nothing is before the first message here.
    public var foundOldest: Bool
    /// Nothing is after the last message here.
    public var foundNewest: Bool
    /// The anchor is among the messages.
    public var foundAnchor: Bool
    /// The anchor as a sequence.
    public var anchor: Int64
}

/// The events after a revision.
public struct EventPage: Hashable, Sendable {
    public var room: Room
    public var rows: [EventRow]
    /// To go on after.
    public var revision: Int64
    public var hasMore: Bool
    /// Retention has removed events that were asked for: whoever asks loads the history again.
    public var isGap: Bool
}
