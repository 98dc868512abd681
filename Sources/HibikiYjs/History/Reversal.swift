// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Takes one step back: deletes what it inserted, inserts again what it deleted.
struct Reversal {
    let step: YUndoManager.Step
    let scope: Set<Slot>
    let author: Author
    let ignoresRemoteMapChanges: Bool
    /// What the steps that remain deleted: a value among it is no newer value of somebody else.
    let ownDeletions: [DeleteSet]
    private var toRedo: [Slot] = []
    private var isToRedo: Set<Slot> = []

    init(
        step: YUndoManager.Step, scope: Set<Slot>, author: Author, ignoresRemoteMapChanges: Bool,
        ownDeletions: [DeleteSet]
    ) {
        self.step = step
        self.scope = scope
        self.author = author
        self.ignoresRemoteMapChanges = ignoresRemoteMapChanges
        self.ownDeletions = ownDeletions
    }

    /// False if nothing changed.
    mutating func run(in store: inout Store) -> Bool {
        let inserted = store.slots(of: self.step.insertions)
        var toDelete: [Slot] = []
        for slot in inserted {
            let live = store.redoneStart(of: slot)
            if !store.items[live.index].isDeleted, store.isIn(self.scope, live) { toDelete.append(live) }
        }
        // Cut first: a cut after this would leave a half out.
        self.toRedo = store.slots(of: self.step.deletions).filter { slot in
            store.items[slot.index].kind != .collected && store.isIn(self.scope, slot)
                && !self.step.insertions.contains(store.id(slot))
        }
        self.isToRedo = Set(self.toRedo)
        var hasChanged = false
        for slot in self.toRedo where self.redo(slot, in: &store) != nil { hasChanged = true }
        // From the last to the first, so that what lies in a type goes before it.
        for slot in toDelete.reversed() {
            store.delete(slot)
            hasChanged = true
        }
        return hasChanged
    }

    /// Inserts an item again; its parent first, if that is deleted too. Parents wait in an array, not on the stack.
    private func redo(_ slot: Slot, in store: inout Store) -> Slot? {
        var chain = [slot]
        while let last = chain.last, let parent = self.deletedParent(of: last, in: store) {
            guard self.isToRedo.contains(parent) else { return nil }
            chain.append(parent)
        }
        var result: Slot?
        for slot in chain.reversed() {
            result = self.redoOne(slot, in: &store)
            if result == nil { return nil }
        }
        return result
    }

    /// The item that holds an item, if it is deleted and not yet there again.
    private func deletedParent(of slot: Slot, in store: Store) -> Slot? {
        let holder = store.branches[store.items[slot.index].parent.index].item
        guard holder >= 0 else { return nil }
        let item = store.items[holder.index]
        return item.isDeleted && !item.isRedone ? holder : nil
    }

    private func redoOne(_ slot: Slot, in store: inout Store) -> Slot? {
        let item = store.items[slot.index]
        if item.isRedone, let target = store.redone[slot] { return store.itemStarting(target.client, target.clock) }
        var branch = item.parent
        let holder = store.branches[branch.index].item
        if holder >= 0, store.items[holder.index].isDeleted {
            let live = store.redoneStart(of: holder)
            guard live != holder, store.items[live.index].kind == .type else { return nil }
            branch = store.items[live.index].payload
        }
        guard let (left, right) = self.place(of: slot, in: branch, &store) else { return nil }
        let payload = store.copyContent(of: slot)
        guard let payload else { return nil }
        let author = store.client(self.author.client)
        store.redone[slot] = (author, store.clients[author.index].state)
        store.items[slot.index].isRedone = true
        let new = store.insert(
            item.kind, length: item.length, payload: payload, capacity: item.kind.isPooled ? item.length : 0,
            left: left, right: right, parent: branch, key: item.key, by: self.author)
        store.keep(new, true)
        return new
    }

    /// Between which neighbours an item goes; nil if somebody else's newer value is in its place.
    private func place(of slot: Slot, in branch: Slot, _ store: inout Store) -> (left: Slot, right: Slot)? {
        let item = store.items[slot.index]
        if item.key < 0 {
            return (
                self.neighbour(from: item.left, in: branch, &store, next: \.left),
                self.neighbour(from: slot, in: branch, &store, next: \.right)
            )
        }
        guard item.right >= 0, !self.ignoresRemoteMapChanges else {
            return (store.branches[branch.index].entries[item.key]?.last ?? .none, .none)
        }
        var left = slot
        while store.items[left.index].right >= 0 {
            let right = store.items[left.index].right
            let id = store.id(right)
            guard
                store.items[right.index].isRedone || self.step.insertions.contains(id)
                    || self.ownDeletions.contains(where: { $0.contains(id) })
            else { return nil }
            left = store.redoneStart(of: right)
        }
        return (left, .none)
    }

    /// The nearest item on a side that is in the type, itself or as what took its place.
    private func neighbour(
        from start: Slot, in branch: Slot, _ store: inout Store, next: KeyPath<Item, Slot>
    ) -> Slot {
        var slot = start
        while slot >= 0 {
            var trace = slot
            while store.items[trace.index].parent != branch {
                guard store.items[trace.index].isRedone, let target = store.redone[trace] else {
                    trace = .none
                    break
                }
                trace = store.itemStarting(target.client, target.clock)
            }
            if trace >= 0 { return trace }
            slot = store.items[slot.index][keyPath: next]
        }
        return .none
    }
}
