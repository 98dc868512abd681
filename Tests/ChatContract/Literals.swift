// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiChat
public import HibikiMessaging

// Names in tests are written as they are. They keep the rules of their types, which are tested on their own.

extension RoomID: ExpressibleByStringLiteral {
    public init(stringLiteral value: String) { self.init(checked: value) }
}

extension RoomID: ExpressibleByExtendedGraphemeClusterLiteral {}
extension RoomID: ExpressibleByUnicodeScalarLiteral {}

extension UserID: ExpressibleByStringLiteral {
    public init(stringLiteral value: String) { self.init(checked: value) }
}

extension UserID: ExpressibleByExtendedGraphemeClusterLiteral {}
extension UserID: ExpressibleByUnicodeScalarLiteral {}

extension Emoji: ExpressibleByStringLiteral {
    public init(stringLiteral value: String) { self.init(checked: value) }
}

extension Emoji: ExpressibleByExtendedGraphemeClusterLiteral {}
extension Emoji: ExpressibleByUnicodeScalarLiteral {}

extension ClientMessageID: ExpressibleByStringLiteral {
    public init(stringLiteral value: String) { self.init(checked: value) }
}

extension ClientMessageID: ExpressibleByExtendedGraphemeClusterLiteral {}
extension ClientMessageID: ExpressibleByUnicodeScalarLiteral {}

extension ChatPerson: ExpressibleByStringLiteral {
    /// Somebody who is called by his id, with a capital letter.
    public init(stringLiteral value: String) {
        self.init(id: UserID(checked: value), name: value.prefix(1).uppercased() + value.dropFirst())
    }
}

extension ChatPerson: ExpressibleByExtendedGraphemeClusterLiteral {}
extension ChatPerson: ExpressibleByUnicodeScalarLiteral {}

extension ChatPerson {
    /// The operator's back end.
    public static let operations = ChatPerson(id: "operations", isAdministrator: true)
}

extension Timestamp {
    public static func ms(_ milliseconds: Int64) -> Timestamp { Timestamp(milliseconds: milliseconds) }
}
