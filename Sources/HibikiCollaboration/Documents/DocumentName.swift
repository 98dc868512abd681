// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiMessaging
public import HibikiWire

/// What a document is called: 1 to 200 bytes of UTF-8 without control characters.
///
/// Two names are the same if their bytes are.
public struct DocumentName: Sendable {
    /// The longest name, in bytes of UTF-8.
    public static let maximumBytes = 200
    /// How the topics of documents begin.
    public static let topicPrefix = "documents/"

    public let text: String
    /// The topic by which rules and tokens name the document: `documents/` and its name. Who may subscribe to it may read the document,
    /// and who may publish there may write it.
    public let topic: Topic
    /// Where its frames go. No client can name it.
    package let framesTopic: Topic

    /// - Throws: `invalid_topic`, with words for the rule that was broken.
    public init(_ text: String) throws(WireError) {
        guard !text.isEmpty else { throw WireError(.invalidTopic, "a document's name has at least one character") }
        guard text.utf8.count <= Self.maximumBytes else {
            throw WireError(.invalidTopic, "a document's name has at most \(Self.maximumBytes) bytes")
        }
        guard !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
            throw WireError(.invalidTopic, "a document's name has no control characters")
        }
        self.text = text
        self.topic = try Topic(Self.topicPrefix + text)
        self.framesTopic = try Topic(reserved: "$" + Self.topicPrefix + text)
    }
}

extension DocumentName: Hashable, Comparable, CustomStringConvertible {
    public static func == (one: DocumentName, other: DocumentName) -> Bool { one.topic == other.topic }
    public static func < (one: DocumentName, other: DocumentName) -> Bool {
        one.text.utf8.lexicographicallyPrecedes(other.text.utf8)
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(self.topic) }

    public var description: String { self.text }
}
