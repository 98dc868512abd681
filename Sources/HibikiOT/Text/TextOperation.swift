// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// An operation on plain text, as ot.js has it: it walks over the whole document and says of every part whether to
/// keep or to delete it, and what to insert between.
///
/// ```swift
/// let operation = try TextOperation([.retain(5), .insert(" there"), .delete(1)])
/// try operation.composed(with: …)
/// ```
///
/// Its JSON is ot.js's: `[5, " there", -1]`, where a number above zero keeps, one below zero deletes, and a string is
/// inserted. It is always in canonical form, in which two operations that do the same are equal: neighbours of one kind
/// are one, and an insertion stands before a deletion at the same place.
public struct TextOperation: OTOperation {
    public typealias Document = TextDocument

    public enum Component: Hashable, Sendable {
        case retain(Int)
        case insert(UTF16Text)
        case delete(Int)
    }

    public private(set) var components: [Component] = []
    /// The units that a document must have to be edited by it.
    public private(set) var baseLength = 0
    /// The units that the document has afterwards.
    public private(set) var targetLength = 0

    /// The operation on the empty document that does nothing.
    public init() {}

    public init(_ components: [Component]) throws(OTError) {
        for component in components { try self.append(component) }
    }

    /// Replaces a range of a document of `length` units.
    public init(replacing range: Range<Int>, with text: UTF16Text, length: Int) throws(OTError) {
        try Length.check(length)
        guard range.lowerBound >= 0, range.upperBound <= length else {
            throw .invalidOperation("the range \(range) does not lie within \(length) units")
        }
        try self.retain(range.lowerBound)
        try self.insert(text)
        try self.delete(range.count)
        try self.retain(length - range.upperBound)
    }

    public mutating func append(_ component: Component) throws(OTError) {
        switch component {
        case .retain(let count): try self.retain(count)
        case .insert(let text): try self.insert(text)
        case .delete(let count): try self.delete(count)
        }
    }

    /// Keeps the next `count` units.
    public mutating func retain(_ count: Int) throws(OTError) {
        try Length.check(count)
        guard count > 0 else { return }
        let base = try Length.sum(self.baseLength, count)
        self.targetLength = try Length.sum(self.targetLength, count)
        self.baseLength = base
        if case .retain(let before)? = self.components.last {
            self.components[self.components.count - 1] = .retain(before + count)
        } else {
            self.components.append(.retain(count))
        }
    }

    /// Inserts text before the next unit.
    public mutating func insert(_ text: UTF16Text) throws(OTError) {
        guard !text.isEmpty else { return }
        self.targetLength = try Length.sum(self.targetLength, text.count)
        var deletion: Component?
        if case .delete? = self.components.last { deletion = self.components.removeLast() }
        if case .insert(var before)? = self.components.last {
            // The array lets go of the text first, so that appending to it copies nothing.
            self.components.removeLast()
            before.append(text)
            self.components.append(.insert(before))
        } else {
            self.components.append(.insert(text))
        }
        if let deletion { self.components.append(deletion) }
    }

    /// Deletes the next `count` units.
    public mutating func delete(_ count: Int) throws(OTError) {
        try Length.check(count)
        guard count > 0 else { return }
        self.baseLength = try Length.sum(self.baseLength, count)
        if case .delete(let before)? = self.components.last {
            self.components[self.components.count - 1] = .delete(before + count)
        } else {
            self.components.append(.delete(count))
        }
    }

    public var isNoop: Bool {
        self.components.allSatisfy { component in
            if case .retain = component { true } else { false }
        }
    }

    public var componentCount: Int { self.components.count }
    public var lengthChange: Int { self.targetLength - self.baseLength }
    public func fits(_ length: Int) -> Bool { self.baseLength == length }

    public var weight: Int {
        self.components.reduce(64) { weight, component in
            if case .insert(let text) = component { weight + text.weight } else { weight + 16 }
        }
    }
}
