// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire

/// Who somebody is, on all of his devices: the id of his principal, 1 to 200 bytes without control characters.
public struct UserID: ExactText {
    public static let lengths = 1...200

    public let rawValue: String

    /// `nil` for a text that breaks the rule, and for `@all`, which means everybody in a room.
    public init?(rawValue: String) {
        guard rawValue.isPlain(Self.lengths), !rawValue.utf8.elementsEqual(Mention.everybodyText.utf8) else {
            return nil
        }
        self.rawValue = rawValue
    }

    /// A text that is known to keep the rule.
    package init(checked text: String) {
        self.rawValue = text
    }
}

extension UserID {
    /// The id as one segment of a topic: `/` and `%` stand there as `%2F` and `%25`.
    public var segment: String {
        PercentEncoding.encode(self.rawValue) { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "%") }
    }
}

/// Who is meant by a mention.
public enum Mention: Hashable, Comparable, Sendable {
    case person(UserID)
    /// Written `@all`.
    case everybody

    static let everybodyText = "@all"

    /// `nil` for a text that is neither `@all` nor a user's id.
    public init?(text: String) {
        if text.utf8.elementsEqual(Self.everybodyText.utf8) {
            self = .everybody
        } else if let person = UserID(rawValue: text) {
            self = .person(person)
        } else {
            return nil
        }
    }

    public var text: String {
        switch self {
        case .person(let person): person.rawValue
        case .everybody: Self.everybodyText
        }
    }
}
