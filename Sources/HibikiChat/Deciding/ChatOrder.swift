// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire

/// A command with all that deciding it takes: who, when, and the random names that it may need. So the decision itself is a pure
/// function, and may be made twice.
struct ChatOrder: Sendable {
    var command: ChatCommand
    var person: ChatPerson
    var now: Timestamp
    /// The name of a room that has none.
    var freshRoom: RoomID
    var freshInvite: InviteToken
    /// Why its message cannot be sent, unless it was sent before.
    var refusal: WireError?

    /// Where the person stands in a room.
    func own(_ room: RoomID) -> MemberKey { MemberKey(room, self.person.id) }
}

/// What came of an order, and what is to be told once it is durable.
struct ChatOutcome: Sendable {
    var result: Result<ChatResult, any Error>
    var happenings: [Happening]
}

/// Something to be told, with the state that it came to.
enum Happening: Sendable {
    case event(EventRow, Room)
    case admitted(UserID, Room)
    case removed(UserID, Room, Membership.Standing)
    case invited(UserID, Room, by: UserID)
    case mentioned(UserID, Message)
    /// Everybody in the room is meant.
    case mentionedAll(Message)
    /// Something was said that is to be told no more.
    case withdrawn(ChatRedaction)
    case reported(Report)
    case settled(Report)
    /// Somebody was put into a contact list, or taken out of it.
    case listed(ContactKey, isListed: Bool)
    /// The last-read marker of the person was moved.
    case marked(MemberKey)
}
