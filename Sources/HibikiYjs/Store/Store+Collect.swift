// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

extension Store {
    /// Frees the content of what a transaction deleted, unless the undo manager keeps it.
    mutating func collect(_ deletions: DeleteSet) {
        for (id, ranges) in deletions.clients {
            guard let client = self.existingClient(id) else { continue }
            for range in ranges {
                self.forEachItem(of: client, in: range) { slot, store in
                    let item = store.items[slot.index]
                    if item.kind != .collected, item.isDeleted, !item.isKept { store.collect(slot) }
                }
            }
        }
    }

    /// Turns an item into a tombstone that keeps its place; what lay in it loses its place too.
    private mutating func collect(_ slot: Slot) {
        var waiting: [Slot] = []
        self.freeContent(slot, children: &waiting)
        self.items[slot.index].kind = .deleted
        while let child = waiting.popLast() {
            guard self.items[child.index].isDeleted, self.items[child.index].kind != .collected else { continue }
            self.freeContent(child, children: &waiting)
            let old = self.items[child.index]
            var gap = Item(client: old.client, clock: old.clock, length: old.length, kind: .collected)
            gap.isDeleted = true
            self.items[child.index] = gap
        }
    }

    private mutating func freeContent(_ slot: Slot, children: inout [Slot]) {
        let item = self.items[slot.index]
        if item.isRedone {
            self.redone[slot] = nil
            self.items[slot.index].isRedone = false
        }
        switch item.kind {
        case .string: self.units.free(item)
        case .any, .json: self.values.free(item)
        case .type: self.clear(item.payload, into: &children)
        case .deleted, .collected, .skip, .document: break
        default: self.removeContent(item.payload)
        }
        self.items[slot.index].payload = .none
        self.items[slot.index].capacity = 0
    }

    private mutating func clear(_ branch: Slot, into children: inout [Slot]) {
        var slot = self.branches[branch.index].start
        while slot >= 0 {
            children.append(slot)
            slot = self.items[slot.index].right
        }
        for chain in self.branches[branch.index].entries.values {
            slot = chain.last
            while slot >= 0 {
                children.append(slot)
                slot = self.items[slot.index].left
            }
        }
        self.branches[branch.index].start = .none
        self.branches[branch.index].end = .none
        self.branches[branch.index].entries = [:]
        self.branches[branch.index].index = nil
        self.branches[branch.index].item = .none
    }

    /// Squeezes out what nobody refers to, once it is the larger part.
    mutating func compact() {
        if self.units.isMostlyFreed {
            self.units = self.units.compacted(to: self.slots { $0 == .string }, items: &self.items)
        }
        if self.values.isMostlyFreed {
            self.values = self.values.compacted(to: self.slots { $0 == .any || $0 == .json }, items: &self.items)
        }
    }

    private func slots(where isWanted: (StructKind) -> Bool) -> [Slot] {
        var slots: [Slot] = []
        for client in self.clients {
            for entry in client.entries where isWanted(self.items[entry.slot.index].kind) { slots.append(entry.slot) }
        }
        return slots
    }
}
