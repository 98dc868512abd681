// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The name of a room: 1 to 64 bytes of ASCII letters, digits, `-`, `_`, `.` and `~`, so that it stands in a path and in a topic
/// as it is. Case counts.
public struct RoomID: ExactText {
    public static let lengths = 1...64

    public let rawValue: String

    public init?(rawValue: String) {
        guard Self.lengths.contains(rawValue.utf8.count), rawValue.utf8.allSatisfy(Self.isAllowed) else { return nil }
        self.rawValue = rawValue
    }

    /// A text that is known to keep the rule, because it was made so.
    package init(checked text: String) {
        self.rawValue = text
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
