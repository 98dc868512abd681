// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiWire

/// The name of a log: 1 to 255 bytes of UTF-8 without control characters, not beginning with `$`.
///
/// A topic needs no creation; it is there as soon as somebody publishes to it or listens.
public struct Topic: Hashable, Sendable {
    /// The longest name, in bytes of UTF-8.
    public static let maximumBytes = 255

    public let name: String

    /// FNV-1a over the name: the same in every process and on every node, unlike `hashValue`.
    ///
    /// A ``PositionVector`` names topics by it.
    public let fingerprint: UInt64

    /// - Throws: ``WireError`` with the code `invalid_topic`, whose words say which rule was broken.
    public init(_ name: String) throws(WireError) {
        try self.init(reserved: name)
        guard !self.isReserved else {
            throw WireError(.invalidTopic, "topics that begin with $ are reserved")
        }
    }

    /// Whether the topic is one of the server's own.
    package var isReserved: Bool { self.name.utf8.first == UInt8(ascii: "$") }

    /// A topic that only the server itself may use, if its name begins with `$`: no client can name it.
    package init(reserved name: String) throws(WireError) {
        var copy = name
        let problem: String? = copy.withUTF8 { bytes in
            guard !bytes.isEmpty else { return "a topic has at least one character" }
            guard bytes.count <= Self.maximumBytes else { return "a topic has at most \(Self.maximumBytes) bytes" }
            guard !bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
                return "a topic has no control characters"
            }
            return nil
        }
        if let problem {
            throw WireError(.invalidTopic, problem)
        }
        self.name = copy
        self.fingerprint = Self.fingerprint(of: copy)
    }

    /// A topic of the server's own whose name stands in the source.
    package init(own name: StaticString) {
        self.name = "\(name)"
        self.fingerprint = Self.fingerprint(of: self.name)
    }

    private static func fingerprint(of name: String) -> UInt64 {
        name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }
}

/// Two names are the same if their bytes are. `String` would take a letter with an accent and the same letter followed by that
/// accent for equal, and other nodes and languages would not.
extension Topic {
    public static func == (one: Topic, other: Topic) -> Bool {
        one.name.utf8.elementsEqual(other.name.utf8)
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(self.fingerprint)
    }
}

extension Topic: CustomStringConvertible {
    public var description: String { self.name }
}
