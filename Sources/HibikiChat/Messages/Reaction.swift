// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Who reacted to what with what: one row, and these three are its key.
public struct Reaction: Hashable, Sendable {
    public let message: MessageID
    public let emoji: Emoji
    public let user: UserID

    public init(message: MessageID, emoji: Emoji, user: UserID) {
        self.message = message
        self.emoji = emoji
        self.user = user
    }
}

/// How often one emoji was used on a message. It stands in the message's row, so that a page needs no second look.
public struct ReactionCount: Hashable, Sendable {
    /// Of how many the ids are kept here. The others are counted only.
    public static let namedUsers = 20

    public let emoji: Emoji
    public var count: Int
    /// Up to ``namedUsers``, in the order in which they reacted.
    public var users: [UserID]
    /// Whether whoever reads the message is among all of them. No store keeps it, and in what is told to many it is `false`.
    public var isMine: Bool

    public init(emoji: Emoji, count: Int, users: [UserID], isMine: Bool = false) {
        self.emoji = emoji
        self.count = count
        self.users = users
        self.isMine = isMine
    }
}
