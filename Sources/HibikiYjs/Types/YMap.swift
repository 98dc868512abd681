// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Values and shared types by key. Of two that are set at once, the one later in the document's order stays.
public struct YMap: YKeyedType {
    public let handle: YHandle
    public init(handle: YHandle) { self.handle = handle }
}

/// A type with entries of its own to be set: a map or a hook.
public protocol YKeyedType: YSharedType {}

extension YKeyedType {
    public func set(_ input: YInput, for key: String) throws(YError) {
        try self.edit { store, branch, author throws(YError) in
            try store.set(input, for: key, in: branch, by: author)
        }
    }

    public func removeValue(for key: String) throws(YError) {
        try self.edit { store, branch, _ throws(YError) in store.removeValue(for: key, in: branch) }
    }

    public subscript(_ key: String) -> YOutput? { self.value(key) }

    /// Everything in it, in the order in which the document first met the keys.
    public var entries: [(key: String, value: YOutput)] { self.allValues }

    public var keys: [String] { self.document.store.keys(of: self.handle.branch).map(\.key) }
}

extension YSharedType {
    func value(_ key: String) -> YOutput? {
        let document = self.document
        guard let slot = document.store.entry(key, in: self.handle.branch) else { return nil }
        return document.outputs(of: document.store.items[slot.index]).last
    }

    var allValues: [(key: String, value: YOutput)] {
        let document = self.document
        return document.store.keys(of: self.handle.branch).compactMap { key, slot in
            document.outputs(of: document.store.items[slot.index]).last.map { (key, $0) }
        }
    }
}
