// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiMessaging

/// A message as it stands: one row, which holds all that a reader of a page is shown.
public struct Message: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case text, image, file, system
    }

    public enum Deletion: String, Hashable, Sendable {
        /// Members see that there was a message; what it said stays in the store for moderators and the export.
        case soft
        /// Nothing is left but the place in the sequence and the client id.
        case hard
    }

    public let id: MessageID
    /// The room's revision of the last event that changed it.
    public var revision: Int64
    public var user: UserID
    /// What the sender was called then.
    public var userName: String?
    public var content: String
    public let timestamp: Timestamp
    public let kind: Kind
    /// What the sender calls it.
    public var clientID: ClientMessageID?
    public var editedAt: Timestamp?
    /// How often it was edited.
    public var edits: Int = 0
    public var deletedAt: Timestamp?
    public var deletedBy: UserID?
    public var deletion: Deletion?
    public var quote: Quote?
    /// The message that the thread began with, if this one stands in a thread.
    public let thread: Int64?
    /// How many messages stand in the thread that begins here.
    public var replies: Int = 0
    public var mentions: [Mention] = []
    /// In the order in which they were first used.
    public var reactions: [ReactionCount] = []
    public var attachments: [Attachment] = []
    public var pinnedAt: Timestamp?
    public var pinnedBy: UserID?

    public init(
        id: MessageID, revision: Int64, user: UserID, userName: String?, content: String, timestamp: Timestamp,
        kind: Kind, clientID: ClientMessageID? = nil, quote: Quote? = nil, thread: Int64? = nil
    ) {
        self.id = id
        self.revision = revision
        self.user = user
        self.userName = userName
        self.content = content
        self.timestamp = timestamp
        self.kind = kind
        self.clientID = clientID
        self.quote = quote
        self.thread = thread
    }

    public var room: RoomID { self.id.room }
    public var sequence: Int64 { self.id.sequence }
    public var isDeleted: Bool { self.deletion != nil }
}

/// What a message answers, as it was at that time.
public struct Quote: Hashable, Sendable {
    /// The quoted message of the same room.
    public let sequence: Int64
    public var user: UserID
    /// The beginning of what it said; `nil` once it was deleted.
    public var content: String?

    public init(sequence: Int64, user: UserID, content: String?) {
        self.sequence = sequence
        self.user = user
        self.content = content
    }
}

/// A file that a message carries. The file itself is elsewhere; a message knows it by its id.
public struct Attachment: Hashable, Sendable {
    public var id: String
    public var name: String
    /// The media type, `image/png`.
    public var type: String
    /// In bytes.
    public var size: Int64
    /// In pixels, of an image.
    public var width: Int64?
    public var height: Int64?

    public init(id: String, name: String, type: String, size: Int64, width: Int64? = nil, height: Int64? = nil) {
        self.id = id
        self.name = name
        self.type = type
        self.size = size
        self.width = width
        self.height = height
    }
}

/// An earlier wording: one row.
public struct Edit: Hashable, Sendable {
    public let message: MessageID
    /// Counts from 1: the first wording is number 1.
    public let number: Int
    public let content: String
    /// When this wording was written.
    public let writtenAt: Timestamp
    /// Who replaced it.
    public var replacedBy: UserID

    public init(message: MessageID, number: Int, content: String, writtenAt: Timestamp, replacedBy: UserID) {
        self.message = message
        self.number = number
        self.content = content
        self.writtenAt = writtenAt
        self.replacedBy = replacedBy
    }
}
