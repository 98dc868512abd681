// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiMessaging

/// What taking a person out means, in every room where the person has a membership, a message or a reaction:
///
/// - Messages of the person stand under the pseudonym, hard-deleted, without a name, and their edits, reactions and mentions are gone;
///   their content is gone from the quotes of others.
/// - Reactions of the person are gone, also from the counts in messages.
/// - The membership is gone, and the room's counts of members, owners and pins follow. A direct room's pair names the pseudonym.
/// - What keeps the person in check outlives it, as erasing oneself would else lift it: of a membership with a ban or a mute that runs,
///   or of a ``Role/reader``, stays a row with the id, the role, the standing and the ends of ban and mute, and nothing else. A room
///   in which the person has nothing but such a row is not changed.
/// - A room that loses its last owner gets another one: of its members with the highest role the one who has been there for longest,
///   by user id among equals. The event `roleChanged` says so, before `personErased`.
/// - What the person called his messages (the client ids) is gone.
/// - Where the person stands as somebody who acted (events, invites, reports, pins, deletions, edits, the creation of a room) or is
///   mentioned or quoted, the pseudonym stands; events about the person alone (joined, left, role, mute, receipts) name the pseudonym.
/// - What the person gave as the reason of a report, or noted when settling one, is gone; so are the person's contact list and the
///   entries of the person in the lists of others.
/// - Events about reactions of the person, and those to messages of the person, say only that a message has changed.
/// - It is done in portions, of a bounded number of rows of one room each, and goes on where it was if it was interrupted.
/// - Each of these rooms gets `personErased` as its last event, with the next revision; messages that were changed carry it. A message that only
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

/// Where an erasure goes on.
public enum ErasureStep: Hashable, Sendable {
    /// In the rooms behind this one where the person has a membership, by their ids, and then wherever there is still something.
    case rooms(after: RoomID?)
    /// Where nothing but the name stands.
    case names
}

/// What was done in one step.
public struct ErasedPortion: Hashable, Sendable {
    /// The room that has changed, if one has.
    public var room: ErasedRoom?
    /// How to go on; `nil` if nothing is left of the person.
    public var next: ErasureStep?

    public init(room: ErasedRoom? = nil, next: ErasureStep?) {
        self.room = room
        self.next = next
    }
}

public struct ErasedRoom: Hashable, Sendable {
    public var room: Room
    /// In the order of their revisions; the last one is `personErased`.
    public var events: [ChatEvent]
    /// Whether the person was in it.
    public var wasJoined: Bool

    public init(room: Room, events: [ChatEvent], wasJoined: Bool) {
        self.room = room
        self.events = events
        self.wasJoined = wasJoined
    }
}

extension Erasure {
    /// What is left of a membership; `nil` for nothing.
    package func remainder(of member: Membership) -> Membership? {
        let isBanned = member.isBanned(at: self.at)
        let isMuted = member.isMuted(at: self.at)
        guard isBanned || isMuted || member.role == .reader else { return nil }
        let standing: Membership.Standing = isBanned ? .banned : .left
        var rest = Membership(
            member.key, name: nil, role: min(member.role, .member), standing: standing,
            since: standing == member.standing ? member.since : self.at)
        rest.bannedUntil = isBanned ? member.bannedUntil : nil
        rest.mutedUntil = isMuted ? member.mutedUntil : nil
        return rest
    }

    /// Takes the person's membership and pins out of a room, and tells of it.
    ///
    /// - Parameter heir: who becomes an owner.
    package func takeOut(_ member: Membership?, pins: Int, heir: UserID?, of room: inout Room) -> [ChatEvent] {
        if let member, member.isJoined {
            room.members -= 1
            if member.role == .owner { room.owners -= 1 }
        }
        room.pins -= pins
        if room.createdBy == self.user { room.createdBy = self.pseudonym }
        // The room of two, if one of them is erased, is the room of the other one and the pseudonym.
        room.pair = room.pair.map { DirectPair(self.name(of: $0.first), self.name(of: $0.second)) }
        var kinds: [ChatEvent.Kind] = [.personErased(self.pseudonym)]
        if let heir {
            room.owners += 1
            kinds.insert(.roleChanged(heir, .owner), at: 0)
        }
        return kinds.map { kind in
            room.revision += 1
            return ChatEvent(
                room: room.id, revision: room.revision, timestamp: self.at, actor: self.pseudonym, kind: kind)
        }
    }

    private func name(of user: UserID) -> UserID { user == self.user ? self.pseudonym : user }
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
