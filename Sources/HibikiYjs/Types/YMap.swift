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
    public func set(_ input: YInput, for key: String) throws(YError) { try self.setValue(input, key) }
    public func removeValue(for key: String) throws(YError) { try self.removeValue(key) }

    public subscript(_ key: String) -> YOutput? { self.value(key) }

    /// Everything in it, in the order in which the document first met the keys.
    public var entries: [(key: String, value: YOutput)] { self.allValues }

    public var keys: [String] { self.document.store.keys(of: self.handle.branch).map(\.key) }
}

/// A type with content of its own that has attributes as well: a text or an XML element.
public protocol YAttributedType: YSharedType {}

extension YAttributedType {
    /// Sets an attribute of the whole, not of a range in it.
    public func setAttribute(_ name: String, to value: YInput) throws(YError) { try self.setValue(value, name) }
    public func removeAttribute(_ name: String) throws(YError) { try self.removeValue(name) }
    public func attribute(_ name: String) -> YOutput? { self.value(name) }
}

/// Every shared type may have entries by key; what they are called depends on the type.
extension YSharedType {
    fileprivate func setValue(_ input: YInput, _ key: String) throws(YError) {
        try self.edit { store, branch, author throws(YError) in
            try store.set(input, for: key, in: branch, by: author)
        }
    }

    fileprivate func removeValue(_ key: String) throws(YError) {
        try self.edit { store, branch, _ throws(YError) in store.removeValue(for: key, in: branch) }
    }

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
