// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// An operation on rich text, in the form of Quill: text and embeds with attributes.
///
/// Its JSON is `{"ops": [{"retain": 5}, {"insert": "bold", "attributes": {"bold": true}}, {"delete": 2}]}`. It says
/// nothing of the end of the document beyond its last change. An embed is an object, `{"insert": {"image": "…"}}`, and
/// counts as one unit. Quill's `retain` of an embed, which edits it in place, is refused: what is in an embed is nobody's
/// business here.
///
/// What is read, composed, transformed or inverted is in canonical form, in which two operations that do the same are
/// equal: neighbours of one kind and with the same attributes are one, an insertion stands before a deletion at the
/// same place, and what is merely kept at the end is left out.
public struct Delta: OTOperation {
    public typealias Document = RichTextDocument

    public enum Content: Hashable, Sendable {
        case text(UTF16Text)
        /// Something that is not text, as an object with one key that names its kind.
        case embed(OTObject)

        /// In UTF-16 units.
        public var length: Int {
            switch self {
            case .text(let text): text.count
            case .embed: 1
            }
        }

        var weight: Int {
            switch self {
            case .text(let text): text.weight
            case .embed(let embed): embed.weight
            }
        }
    }

    public enum Component: Hashable, Sendable {
        /// Keeps units, and sets attributes on them or with null takes them away.
        case retain(Int, OTObject = OTObject())
        case insert(Content, OTObject = OTObject())
        case delete(Int)
    }

    public private(set) var components: [Component] = []
    /// How many units of a document it walks over; a document may have more.
    public private(set) var baseLength = 0
    private var inserted = 0
    private var deleted = 0

    /// The operation that does nothing.
    public init() {}

    public init(_ components: [Component]) throws(OTError) {
        for component in components { try self.append(component) }
        self.chop()
    }

    public mutating func append(_ component: Component) throws(OTError) {
        switch component {
        case .retain(let count, let attributes): try self.retain(count, attributes)
        case .insert(let content, let attributes): try self.insert(content, attributes)
        case .delete(let count): try self.delete(count)
        }
    }

    /// Keeps the next `count` units, and sets attributes on them.
    public mutating func retain(_ count: Int, _ attributes: OTObject = OTObject()) throws(OTError) {
        try Length.check(count)
        guard count > 0 else { return }
        self.baseLength = try Length.sum(self.baseLength, count)
        if case .retain(let before, attributes)? = self.components.last {
            self.components[self.components.count - 1] = .retain(before + count, attributes)
        } else {
            self.components.append(.retain(count, attributes))
        }
    }

    /// Inserts text before the next unit.
    public mutating func insert(_ text: UTF16Text, _ attributes: OTObject = OTObject()) throws(OTError) {
        try self.insert(.text(text), attributes)
    }

    /// Inserts text or an embed before the next unit. A null among the attributes means nothing.
    public mutating func insert(_ content: Content, _ attributes: OTObject = OTObject()) throws(OTError) {
        guard content.length > 0 else { return }
        let attributes = attributes.withoutNulls()
        self.inserted = try Length.sum(self.inserted, content.length)
        var deletion: Component?
        if case .delete? = self.components.last { deletion = self.components.removeLast() }
        if case .text(let text) = content, case .insert(.text(var before), attributes)? = self.components.last {
            // The array lets go of the text first, so that appending to it copies nothing.
            self.components.removeLast()
            before.append(text)
            self.components.append(.insert(.text(before), attributes))
        } else {
            self.components.append(.insert(content, attributes))
        }
        if let deletion { self.components.append(deletion) }
    }

    /// Deletes the next `count` units.
    public mutating func delete(_ count: Int) throws(OTError) {
        try Length.check(count)
        guard count > 0 else { return }
        self.baseLength = try Length.sum(self.baseLength, count)
        self.deleted += count
        if case .delete(let before)? = self.components.last {
            self.components[self.components.count - 1] = .delete(before + count)
        } else {
            self.components.append(.delete(count))
        }
    }

    /// Leaves out what is merely kept at the end.
    public mutating func chop() {
        if case .retain(let count, let attributes)? = self.components.last, attributes.isEmpty {
            self.components.removeLast()
            self.baseLength -= count
        }
    }

    public var isNoop: Bool {
        self.components.allSatisfy { component in
            if case .retain(_, let attributes) = component { attributes.isEmpty } else { false }
        }
    }

    public var componentCount: Int { self.components.count }
    public var lengthChange: Int { self.inserted - self.deleted }
    public func fits(_ length: Int) -> Bool { self.baseLength <= length }

    public var weight: Int {
        self.components.reduce(64) { weight, component in
            switch component {
            case .retain(_, let attributes): weight + 16 + attributes.weight
            case .insert(let content, let attributes): weight + content.weight + attributes.weight
            case .delete: weight + 16
            }
        }
    }
}
