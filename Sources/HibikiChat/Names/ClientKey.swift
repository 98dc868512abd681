// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// What a client calls a message that it sends: 1 to 128 bytes without control characters.
public struct ClientMessageID: ExactText {
    public static let lengths = 1...128

    public let rawValue: String

    public init?(rawValue: String) {
        guard rawValue.isPlain(Self.lengths) else { return nil }
        self.rawValue = rawValue
    }

    /// A text that is known to keep the rule.
    package init(checked text: String) {
        self.rawValue = text
    }
}

/// What makes a message that is sent again the same message.
public struct ClientKey: Hashable, Sendable {
    public let room: RoomID
    public let user: UserID
    public let id: ClientMessageID

    public init(room: RoomID, user: UserID, id: ClientMessageID) {
        self.room = room
        self.user = user
        self.id = id
    }
}
