// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// What an event is called, on every transport. The set is open.
public struct ChatEventName: RawRepresentable, Hashable, Sendable {
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    // Of a room, stored
    public static let message = ChatEventName(rawValue: "message")
    public static let messageEdited = ChatEventName(rawValue: "messageEdited")
    public static let messageDeleted = ChatEventName(rawValue: "messageDeleted")
    public static let reaction = ChatEventName(rawValue: "reaction")
    public static let pinned = ChatEventName(rawValue: "pinned")
    public static let readReceipt = ChatEventName(rawValue: "readReceipt")
    public static let deliveryReceipt = ChatEventName(rawValue: "deliveryReceipt")
    public static let userJoined = ChatEventName(rawValue: "userJoined")
    public static let userLeft = ChatEventName(rawValue: "userLeft")
    public static let roleChanged = ChatEventName(rawValue: "roleChanged")
    public static let muted = ChatEventName(rawValue: "muted")
    public static let roomUpdated = ChatEventName(rawValue: "roomUpdated")
    /// Whoever has a copy of the room's messages loads it again: somebody's were taken out.
    public static let personErased = ChatEventName(rawValue: "personErased")

    // Of a room, not stored
    public static let roomInfo = ChatEventName(rawValue: "roomInfo")
    public static let typing = ChatEventName(rawValue: "typing")
    public static let stopTyping = ChatEventName(rawValue: "stopTyping")

    // Of a person
    public static let invitation = ChatEventName(rawValue: "invitation")
    public static let roomJoined = ChatEventName(rawValue: "roomJoined")
    public static let roomLeft = ChatEventName(rawValue: "roomLeft")
    public static let unread = ChatEventName(rawValue: "unread")
    public static let mention = ChatEventName(rawValue: "mention")
    public static let contactAdded = ChatEventName(rawValue: "contactAdded")
    public static let contactRemoved = ChatEventName(rawValue: "contactRemoved")

    // Of a moderator
    public static let reported = ChatEventName(rawValue: "reported")
    public static let reportSettled = ChatEventName(rawValue: "reportSettled")
}
