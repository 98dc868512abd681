// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

/// To whom an event goes.
public enum ChatAudience: Hashable, Sendable {
    /// Whoever has joined, on the topic `rooms/<roomId>`.
    case room(RoomID)
    /// All devices of a person, on the topic `users/<userId>`.
    case person(UserID)

    public var topicName: String {
        switch self {
        case .room(let room): "rooms/\(room)"
        case .person(let person): "users/\(person.segment)"
        }
    }
}

/// What is to be told, in the order in which it happened.
public enum ChatNews: Hashable, Sendable {
    /// The payload is one JSON object.
    case event(ChatAudience, ChatEventName, payload: ByteBuffer)
    /// The person may listen to the room from here on.
    case admitted(UserID, RoomID)
    /// The person must hear nothing of the room that comes after this.
    case removed(UserID, RoomID)
}

/// Where the chat's events go: the server's hub, or a test's list.
public protocol ChatOutlet: Sendable {
    /// Called after what it tells of is durable, in the order in which it was stored. It must be short.
    func publish(_ news: [ChatNews])

    /// Called after everything was told that it is about. What is kept of that is to say no more than it would if it were told now;
    /// places in an order stay taken.
    func redact(_ redaction: ChatRedaction)

    /// Of these people, those who are connected: nobody else needs to be told how much is unread.
    func listening(among people: [UserID]) -> Set<UserID>
}

extension ChatOutlet {
    /// Nothing, where nothing is kept.
    public func redact(_ redaction: ChatRedaction) {}

    /// Everybody, where the outlet does not know.
    public func listening(among people: [UserID]) -> Set<UserID> { Set(people) }
}
