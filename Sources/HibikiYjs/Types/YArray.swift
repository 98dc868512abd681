// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// A list of values and shared types.
public struct YArray: YSharedType {
    public let handle: YHandle
    public init(handle: YHandle) { self.handle = handle }
}

/// A type whose list holds values or children: an array, an XML fragment or element.
public protocol YListType: YSharedType {}

extension YArray: YListType {}

extension YListType {
    /// Inserts before a position; the end counts as one.
    public func insert(_ inputs: [YInput], at position: Int) throws(YError) {
        try self.edit { store, branch, author throws(YError) in
            try store.insert(inputs, at: position, in: branch, by: author)
        }
    }

    /// Adds behind everything, also behind what was deleted at the end: where others append at the same time, all
    /// stay whole.
    public func append(_ inputs: [YInput]) throws(YError) {
        try self.edit { store, branch, author throws(YError) in
            try store.append(inputs, to: branch, by: author)
        }
    }

    public func remove(_ range: Range<Int>) throws(YError) {
        guard !range.isEmpty else { return }
        try self.edit { store, branch, _ throws(YError) in try store.remove(range, from: branch) }
    }

    /// All elements, in their order.
    public var elements: [YOutput] {
        let document = self.document
        var elements: [YOutput] = []
        var slot = self.branch.start
        while slot >= 0 {
            let item = document.store.items[slot.index]
            if item.isVisible { elements += document.outputs(of: item) }
            slot = item.right
        }
        return elements
    }

    /// The element at a position, nil beyond the end.
    public func element(at position: Int) -> YOutput? {
        guard position >= 0, position < self.length else { return nil }
        let document = self.document
        var (slot, start) = document.store.search(position + 1, in: self.handle.branch)
        while slot >= 0 {
            let item = document.store.items[slot.index]
            let live = item.liveLength
            if start + live > position {
                return document.output(of: item, at: position - start)
            }
            start += live
            slot = item.right
        }
        return nil
    }
}
