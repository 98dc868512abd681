// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiMessaging

/// What a person asks of the chat, however it was brought.
public enum ChatCommand: Hashable, Sendable {
    // Rooms
    case createRoom(CreateRoom)
    case updateRoom(RoomID, RoomUpdate)
    /// With `since`, the answer holds the events after that revision.
    case joinRoom(RoomID, invite: InviteToken?, since: Int64?)
    case leaveRoom(RoomID)
    /// Lets one person in, who then joins or does not.
    case invitePerson(RoomID, UserID)
    /// Makes a link that lets people in.
    case createInvite(RoomID, expiresAt: Timestamp?, uses: Int?)
    case revokeInvite(RoomID, InviteToken)
    case setRole(RoomID, UserID, Role)
    case kick(RoomID, UserID)
    case ban(RoomID, UserID, until: Timestamp?)
    case unban(RoomID, UserID)
    case mute(RoomID, UserID, until: Timestamp?)
    case unmute(RoomID, UserID)

    // Messages
    case send(SendMessage)
    case edit(MessageID, content: String)
    case delete(MessageID, Message.Deletion)
    case react(MessageID, Emoji)
    case unreact(MessageID, Emoji)
    case pin(MessageID)
    case unpin(MessageID)
    case report(MessageID, reason: String)
    case settleReport(ReportKey, Report.Outcome, note: String)
    case markRead(MessageID)
    case markDelivered(MessageID)

    // People
    /// Lets somebody hear when the person comes and goes, though they share no room.
    case addContact(UserID)
    case removeContact(UserID)
    case contacts(after: UserID?, limit: Int?)

    // Never stored
    case typing(RoomID)
    case stopTyping(RoomID)

    // Reading
    case room(RoomID)
    case rooms(after: RoomID?, limit: Int?)
    case publicRooms(after: RoomID?, limit: Int?)
    case members(RoomID, after: UserID?, limit: Int?)
    case history(HistoryRequest)
    case events(RoomID, since: Int64, limit: Int?)
    case message(MessageID)
    case edits(MessageID)
    case pins(RoomID)
    case reports(RoomID, Report.State?, after: Int64, limit: Int?)
    case invites(RoomID)
    case search(SearchRequest)
    /// A part of a room as JSON lines, from a sequence on.
    case export(RoomID, from: Int64)

    /// Takes a person out of all rooms. Everybody may erase himself, administrators anybody.
    case erase(UserID)
}

public struct CreateRoom: Hashable, Sendable {
    /// One is made up if there is none.
    public var room: RoomID?
    public var kind: Room.Kind
    public var name: String?
    public var about: String?
    /// Who is in it from the beginning, beside its owner; in a direct room the other one.
    public var members: [UserID]

    public init(
        room: RoomID? = nil, kind: Room.Kind, name: String? = nil, about: String? = nil, members: [UserID] = []
    ) {
        self.room = room
        self.kind = kind
        self.name = name
        self.about = about
        self.members = members
    }
}

/// What is `nil` stays as it is; an empty text takes away what was there.
public struct RoomUpdate: Hashable, Sendable {
    public var name: String?
    public var about: String?

    public init(name: String? = nil, about: String? = nil) {
        self.name = name
        self.about = about
    }
}

public struct SendMessage: Hashable, Sendable {
    public var room: RoomID
    public var content: String
    /// With it, a message that is sent again is the same message.
    public var clientID: ClientMessageID?
    public var kind: Message.Kind
    /// A message of the room that this one quotes.
    public var replyTo: MessageID?
    /// A message of the thread in which this one stands.
    public var thread: MessageID?
    public var mentions: [Mention]
    public var attachments: [Attachment]

    public init(
        room: RoomID, content: String, clientID: ClientMessageID? = nil, kind: Message.Kind = .text,
        replyTo: MessageID? = nil, thread: MessageID? = nil, mentions: [Mention] = [], attachments: [Attachment] = []
    ) {
        self.room = room
        self.content = content
        self.clientID = clientID
        self.kind = kind
        self.replyTo = replyTo
        self.thread = thread
        self.mentions = mentions
        self.attachments = attachments
    }
}

public struct HistoryRequest: Hashable, Sendable {
    public var room: RoomID
    public var anchor: HistoryAnchor
    /// How many messages before the anchor; by default a page, if the anchor is `newest` or neither is said.
    public var before: Int?
    public var after: Int?
    /// Only the thread that begins with this message.
    public var thread: MessageID?

    public init(
        room: RoomID, anchor: HistoryAnchor = .newest, before: Int? = nil, after: Int? = nil, thread: MessageID? = nil
    ) {
        self.room = room
        self.anchor = anchor
        self.before = before
        self.after = after
        self.thread = thread
    }
}

/// A search as a person writes it: `from:bob in:general has:image before:2026-12-01 "fire alarm" tests`.
public struct SearchRequest: Hashable, Sendable {
    public var text: String
    /// What an earlier page gave, to go on.
    public var cursor: String?
    public var limit: Int?

    public init(text: String, cursor: String? = nil, limit: Int? = nil) {
        self.text = text
        self.cursor = cursor
        self.limit = limit
    }
}
