// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiMessaging

/// What taking a person out means, in every room where the person has a membership or a message:
///
/// - Messages of the person stand under the pseudonym, hard-deleted, without a name, and their edits, reactions and mentions are gone;
///   their content is gone from the quotes of others.
/// - Reactions of the person are gone, also from the counts in messages.
/// - The membership is gone, and the room's counts of members, owners and pins follow. A direct room's pair names the pseudonym.
/// - What the person called his messages (the client ids) is gone.
/// - Where the person stands as somebody who acted (events, invites, reports, pins, deletions, edits, the creation of a room) or is
///   mentioned or quoted, the pseudonym stands; events about the person alone (joined, left, role, mute, receipts) name the pseudonym.
/// - Each of these rooms gets one event, `personErased`, with the next revision; messages that were changed carry it. A message that only
///   lost the name of who mentioned or quoted is not changed in that sense.
public struct Erasure: Hashable, Sendable {
    public var user: UserID
    /// A name that nobody else has and that says nothing: `erased-` and random letters.
    public var pseudonym: UserID
    public var at: Timestamp

    public init(user: UserID, pseudonym: UserID, at: Timestamp) {
        self.user = user
        self.pseudonym = pseudonym
        self.at = at
    }
}

public struct ErasedRoom: Hashable, Sendable {
    public var room: Room
    public var event: ChatEvent

    public init(room: Room, event: ChatEvent) {
        self.room = room
        self.event = event
    }
}

/// How long things are kept. Nothing is forgotten by default.
public struct ChatRetention: Hashable, Sendable {
    /// Messages before this time go, with their edits, reactions, mentions and reports.
    public var messagesBefore: Timestamp?
    /// Events before this time go. Who was away longer loads the history again.
    public var eventsBefore: Timestamp?

    public init(messagesBefore: Timestamp? = nil, eventsBefore: Timestamp? = nil) {
        self.messagesBefore = messagesBefore
        self.eventsBefore = eventsBefore
    }
}

public struct TrimCount: Hashable, Sendable {
    public var messages: Int
    public var events: Int

    public init(messages: Int, events: Int) {
        self.messages = messages
        self.events = events
    }
}
