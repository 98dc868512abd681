// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Text with formatting. Positions count UTF-16 units.
public protocol YTextType: YSharedType {}

/// A text that is a root or an element of another type.
public struct YText: YTextType {
    public let handle: YHandle
    public init(handle: YHandle) { self.handle = handle }
}

extension YTextType {
    /// The text alone, without embeds and formatting.
    public var string: String {
        let store = self.document.store
        var units: [UInt16] = []
        var slot = self.branch.start
        while slot >= 0 {
            let item = store.items[slot.index]
            if item.kind == .string, !item.isDeleted { units += store.text(item) }
            slot = item.right
        }
        return String(decoding: units, as: UTF16.self)
    }

    /// Inserts text. It takes on the formatting in force at the position, or `attributes` and no other if given.
    ///
    /// A position inside a surrogate pair turns both halves into U+FFFD, on every replica.
    public func insert(_ string: String, at position: Int, attributes: YObject? = nil) throws(YError) {
        guard !string.isEmpty else { return }
        try self.edit { store, branch, author throws(YError) in
            try store.insert(.text(string), at: position, attributes: attributes, in: branch, by: author)
        }
    }

    /// Inserts something that is not text and counts as one unit.
    public func insert(embed: YValue, at position: Int, attributes: YObject = [:]) throws(YError) {
        try self.edit { store, branch, author throws(YError) in
            try store.insert(.embed(embed), at: position, attributes: attributes, in: branch, by: author)
        }
    }

    /// Inserts a new shared type, which counts as one unit.
    public func insert(type: YInput, at position: Int, attributes: YObject = [:]) throws(YError) {
        try self.edit { store, branch, author throws(YError) in
            try store.insert(.type(type), at: position, attributes: attributes, in: branch, by: author)
        }
    }

    public func remove(_ range: Range<Int>) throws(YError) {
        guard !range.isEmpty else { return }
        try self.edit { store, branch, _ throws(YError) in try store.removeText(range, from: branch) }
    }

    /// Sets attributes of a range; null takes one away.
    public func format(_ range: Range<Int>, attributes: YObject) throws(YError) {
        try self.edit { store, branch, author throws(YError) in
            try store.format(range, attributes: attributes, in: branch, by: author)
        }
    }

    /// Applies a change in the form of Quill's deltas. To retain past the end adds line breaks.
    public func apply(_ delta: [YDelta]) throws(YError) {
        try self.edit { store, branch, author throws(YError) in
            try store.apply(delta, to: branch, by: author)
        }
    }

    /// Sets an attribute of the text as a whole.
    public func setAttribute(_ name: String, to value: YInput) throws(YError) {
        try self.edit { store, branch, author throws(YError) in
            try store.set(value, for: name, in: branch, by: author)
        }
    }

    public func removeAttribute(_ name: String) throws(YError) {
        try self.edit { store, branch, _ throws(YError) in store.removeValue(for: name, in: branch) }
    }

    public func attribute(_ name: String) -> YOutput? { self.value(name) }

    /// The text as inserts with their attributes.
    ///
    /// A mark ends an insert even if it changes nothing, so neighbours may have the same attributes, as in Yjs.
    public func delta() -> [YTextRun] { self.document.runs(of: self.handle.branch) }
}

/// A piece of a text with one formatting.
public struct YTextRun {
    public enum Content {
        case text(String)
        case embed(YValue)
        case type(YOutput)
    }

    public let content: Content
    public let attributes: YObject
}

extension YDocument {
    func runs(of branch: Slot, isVisible: ((Item) -> Bool)? = nil) -> [YTextRun] {
        var runs: [YTextRun] = []
        var marks = Marks()
        var units: [UInt16] = []
        func flush() {
            guard !units.isEmpty else { return }
            runs.append(YTextRun(content: .text(String(decoding: units, as: UTF16.self)), attributes: marks.object))
            units.removeAll(keepingCapacity: true)
        }
        var slot = self.store.branches[branch.index].start
        while slot >= 0 {
            let item = self.store.items[slot.index]
            slot = item.right
            guard isVisible?(item) ?? !item.isDeleted else { continue }
            switch item.kind {
            case .string: units += self.store.text(item)
            case .format:
                flush()
                marks.apply(self.store.format(item))
            case .type, .embed:
                flush()
                guard let output = self.outputs(of: item).first else { continue }
                let content: YTextRun.Content =
                    if case .value(let value) = output { .embed(value) } else { .type(output) }
                runs.append(YTextRun(content: content, attributes: marks.object))
            default: break
            }
        }
        flush()
        return runs
    }
}
