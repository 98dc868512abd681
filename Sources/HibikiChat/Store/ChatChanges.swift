// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// What a batch of commands changes. Each row stands in it once, as it is to be at the end; a store writes each kind in one step.
public struct ChatChanges: Hashable, Sendable {
    public var newRooms: [Room] = []
    /// Every column but those that never change.
    public var rooms: [Room] = []
    /// By their keys; new ones among them.
    public var members: [Membership] = []
    /// In the order of their rooms' sequences. With them go the rows of their mentions: (room, sequence, person or `@all`).
    public var newMessages: [Message] = []
    /// Messages that were there and are changed. The rows of mentions of those that are deleted go.
    public var messages: [Message] = []
    public var edits: [Edit] = []
    /// Messages whose edits and reactions are to go, also from the events, because they are hard-deleted.
    public var purged: [MessageID] = []
    /// Messages whose content is to go from the quotes of others.
    public var unquoted: [MessageID] = []
    public var newReactions: [Reaction] = []
    public var removedReactions: [Reaction] = []
    /// By their tokens; new ones among them.
    public var invites: [Invite] = []
    /// By their keys; new ones among them.
    public var reports: [Report] = []
    public var newContacts: [Contact] = []
    public var removedContacts: [ContactKey] = []
    /// In the order of their rooms' revisions.
    public var events: [ChatEvent] = []

    public init() {}

    public var isEmpty: Bool { self == ChatChanges() }
}
