// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// A text that is the same as another only if its bytes are.
///
/// `String` takes a letter with an accent and the same letter followed by that accent for equal; databases, other nodes and other
/// languages do not, and two people must not become one.
public protocol ExactText: RawRepresentable<String>, Hashable, Comparable, Sendable, CustomStringConvertible {}

extension ExactText {
    public static func == (one: Self, other: Self) -> Bool {
        one.rawValue.utf8.elementsEqual(other.rawValue.utf8)
    }

    /// By bytes, as databases order a column with the collation `C`.
    public static func < (one: Self, other: Self) -> Bool {
        one.rawValue.utf8.lexicographicallyPrecedes(other.rawValue.utf8)
    }

    public func hash(into hasher: inout Hasher) {
        var text = self.rawValue
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }

    public var description: String { self.rawValue }
}

extension String {
    /// Whether the text has a length in bytes within `lengths` and no control characters.
    func isPlain(_ lengths: ClosedRange<Int>) -> Bool {
        lengths.contains(self.utf8.count) && !self.utf8.contains { $0 < 0x20 || $0 == 0x7F }
    }
}
