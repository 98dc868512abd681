// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The name of a message, `general-12`: its room, and its place there.
public struct MessageID: Hashable, Comparable, Sendable {
    public let room: RoomID
    /// Counts from 1 in the room, without a gap.
    public let sequence: Int64

    public init(_ room: RoomID, _ sequence: Int64) {
        self.room = room
        self.sequence = sequence
    }

    /// Reads the text form. A room's name may have a `-` of its own, so the last one counts.
    public init?(_ text: String) {
        guard let dash = text.utf8.lastIndex(of: UInt8(ascii: "-")),
            let room = RoomID(rawValue: String(text[..<dash])),
            let sequence = Self.sequence(text.utf8[dash...].dropFirst())
        else { return nil }
        self.init(room, sequence)
    }

    /// Digits without a sign or leading zeros, so that a message has one name.
    private static func sequence(_ digits: Substring.UTF8View) -> Int64? {
        guard let first = digits.first, UInt8(ascii: "1")...UInt8(ascii: "9") ~= first else { return nil }
        return Int64(Substring(digits))
    }

    public static func < (one: MessageID, other: MessageID) -> Bool {
        one.room == other.room ? one.sequence < other.sequence : one.room < other.room
    }
}

extension MessageID: CustomStringConvertible {
    public var description: String { "\(self.room)-\(self.sequence)" }
}
