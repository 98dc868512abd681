// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// What an invite link carries: 22 characters of the URL alphabet, which hold 128 random bits. Whoever has it may use it.
public struct InviteToken: ExactText {
    public static let lengths = 16...64

    public let rawValue: String

    public init?(rawValue: String) {
        guard Self.lengths.contains(rawValue.utf8.count), RoomID(rawValue: rawValue) != nil else { return nil }
        self.rawValue = rawValue
    }

    /// A text that is known to keep the rule, because it was made so.
    package init(checked text: String) {
        self.rawValue = text
    }
}
