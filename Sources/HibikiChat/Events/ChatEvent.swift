// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiMessaging

/// Something that has happened in a room: one row. It says what changed and refers to the message or person, whose own rows say how
/// they stand now; so what was deleted or erased is not told again by an old event.
public struct ChatEvent: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        case message(Int64)
        case messageEdited(Int64)
        case messageDeleted(Int64, Message.Deletion)
        case reaction(Int64, Emoji, isAdded: Bool)
        case pinned(Int64, isPinned: Bool)
        case readReceipt(Int64)
        case deliveryReceipt(Int64)
        case userJoined(UserID, Role, name: String?)
        /// The standing is `left`, `kicked` or `banned`.
        case userLeft(UserID, Membership.Standing)
        case roleChanged(UserID, Role)
        /// `nil` when the mute was lifted.
        case muted(UserID, until: Timestamp?)
        case roomUpdated
        /// The name that stands in the place of the person's own.
        case personErased(UserID)
    }

    public let room: RoomID
    /// Counts from 1 in the room, without a gap.
    public let revision: Int64
    public let timestamp: Timestamp
    /// Who did it.
    public var actor: UserID
    public var kind: Kind

    public init(room: RoomID, revision: Int64, timestamp: Timestamp, actor: UserID, kind: Kind) {
        self.room = room
        self.revision = revision
        self.timestamp = timestamp
        self.actor = actor
        self.kind = kind
    }

    /// The sequence of the message that it is about.
    public var sequence: Int64? { self.kind.columns.sequence }
    public var name: ChatEventName { self.kind.columns.name }
}
