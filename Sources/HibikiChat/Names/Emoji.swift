// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// What somebody reacts with: 1 to 64 bytes without control characters, a pictogram or a name of one.
public struct Emoji: ExactText {
    public static let lengths = 1...64

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
