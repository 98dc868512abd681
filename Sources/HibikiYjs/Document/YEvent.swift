// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// What a transaction did to one type. Its contents are computed from the document when asked for, and only while
/// the observer runs.
public struct YEvent {
    /// What happened under a key, and what stood there before.
    public enum KeyChange {
        case added
        case updated(old: YOutput?)
        case removed(old: YOutput?)
    }

    /// One step of a change to a list.
    public enum ListChange {
        case retain(Int)
        case insert([YOutput])
        case delete(Int)
    }

    /// One step of a change to a text.
    public enum TextChange {
        case retain(Int, attributes: YObject)
        case insert(YTextRun.Content, attributes: YObject)
        case delete(Int)
    }

    let document: YDocument
    let branch: Slot
    let keySlots: Set<Slot>
    let transaction: Transaction
    /// The clocks of the clients that grew, before they did.
    let before: [Slot: Int]

    /// The type that changed.
    public var target: YOutput { self.document.output(of: self.branch) }

    /// Whether the list changed, not only entries.
    public var listChanged: Bool { self.keySlots.contains(.none) }

    /// The keys and positions that lead to the type from the one observed.
    public var path: [YPathElement] { self.document.store.path(to: self.branch, from: .none) }

    /// The entries that changed, by key in the order of their bytes.
    public var keys: [(key: String, change: KeyChange)] {
        var changes: [(key: String, change: KeyChange)] = []
        for name in self.keySlots where name >= 0 {
            guard let slot = self.document.store.branches[self.branch.index].entries[name]?.last else {
                continue
            }
            guard let change = self.change(of: slot) else { continue }
            changes.append((self.document.store.names[name.index], change))
        }
        return changes.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    }

    private func change(of slot: Slot) -> KeyChange? {
        let item = self.document.store.items[slot.index]
        guard self.adds(item) else { return self.deletes(item) ? .removed(old: self.last(item)) : nil }
        var previous = item.left
        while previous >= 0, self.adds(self.document.store.items[previous.index]) {
            previous = self.document.store.items[previous.index].left
        }
        let old = previous >= 0 ? self.document.store.items[previous.index] : nil
        let existed = old.map(self.existedBefore) ?? false
        if self.deletes(item) { return existed ? .removed(old: old.flatMap(self.last)) : nil }
        return existed ? .updated(old: old.flatMap(self.last)) : .added
    }

    private func last(_ item: Item) -> YOutput? { self.document.outputs(of: item).last }

    /// Whether the transaction added an item.
    func adds(_ item: Item) -> Bool {
        item.clock >= self.before[item.client] ?? self.document.store.clients[item.client.index].state
    }

    /// Whether the transaction deleted an item.
    func deletes(_ item: Item) -> Bool {
        let client = self.document.store.clients[item.client.index].id
        return self.transaction.deletions.contains(YID(client: client, clock: item.clock))
    }

    private func existedBefore(_ item: Item) -> Bool { !item.isDeleted || self.deletes(item) }

    /// The change of an array, a fragment or an element's children.
    public var listChanges: [ListChange] {
        var changes: [ListChange] = []
        var slot = self.document.store.branches[self.branch.index].start
        while slot >= 0 {
            let item = self.document.store.items[slot.index]
            slot = item.right
            if self.adds(item) {
                if item.isVisible { changes.append(insert: self.document.outputs(of: item)) }
            } else if item.isDeleted {
                if self.deletes(item), item.kind.isCountable { changes.append(delete: item.length) }
            } else if item.isVisible {
                changes.append(retain: item.length)
            }
        }
        if case .retain = changes.last { changes.removeLast() }
        return changes
    }
}

/// A step on the way to a type.
public enum YPathElement: Hashable, Sendable {
    case key(String)
    case position(Int)
}

extension [YEvent.ListChange] {
    fileprivate mutating func append(insert outputs: [YOutput]) {
        guard case .insert(var before)? = self.last else { return self.append(.insert(outputs)) }
        // Taken out, so that it has one owner while it grows.
        self.removeLast()
        before += outputs
        self.append(.insert(before))
    }

    fileprivate mutating func append(delete count: Int) {
        if case .delete(let before) = self.last {
            self[self.count - 1] = .delete(before + count)
        } else {
            self.append(.delete(count))
        }
    }

    fileprivate mutating func append(retain count: Int) {
        if case .retain(let before) = self.last {
            self[self.count - 1] = .retain(before + count)
        } else {
            self.append(.retain(count))
        }
    }
}

extension Store {
    /// The way from one type down to another; from the root if the first is `none`.
    func path(to branch: Slot, from top: Slot) -> [YPathElement] {
        var path: [YPathElement] = []
        var branch = branch
        while branch != top, self.branches[branch.index].item >= 0 {
            let slot = self.branches[branch.index].item
            let item = self.items[slot.index]
            if item.key >= 0 {
                path.append(.key(self.names[item.key.index]))
            } else {
                path.append(.position(self.position(of: slot)))
            }
            branch = item.parent
        }
        return path.reversed()
    }
}
