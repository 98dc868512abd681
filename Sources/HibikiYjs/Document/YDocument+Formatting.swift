// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

extension YDocument {
    /// Takes away marks without effect from texts that others changed, in a transaction of its own.
    ///
    /// A text in which marks were added or deleted is looked at as a whole, for what is in force must be known;
    /// around other deletions only marks that another of the same key follows are of no effect.
    func cleanFormatting(after transaction: Transaction) {
        let hasFormatted = transaction.changes.branches.keys.contains { branch in
            let branch = self.store.branches[branch.index]
            return branch.hasFormatting && branch.kind?.isText ?? false
        }
        guard hasFormatted else { return }
        self.begin(origin: nil, isLocal: true) { self.store.cleanFormatting(after: transaction) }
    }
}

extension Store {
    fileprivate mutating func cleanFormatting(after transaction: Transaction) {
        var whole: Set<Slot> = []
        for (client, before, after) in transaction.grown {
            self.forEachItem(of: client, in: before..<after) { slot, store in
                let item = store.items[slot.index]
                if item.kind == .format, !item.isDeleted { whole.insert(item.parent) }
            }
        }
        for (id, ranges) in transaction.deletions.clients {
            guard let client = self.existingClient(id) else { continue }
            for range in ranges {
                self.forEachItem(of: client, in: range) { slot, store in
                    let item = store.items[slot.index]
                    guard item.parent >= 0, store.branches[item.parent.index].hasFormatting,
                        !whole.contains(item.parent)
                    else { return }
                    if item.kind == .format { whole.insert(item.parent) } else { store.cleanAround(slot) }
                }
            }
        }
        for branch in whole.sorted() { self.cleanFormatting(of: branch) }
    }

    /// Deletes the marks in the gap around an item that a later one of the same key makes void.
    private mutating func cleanAround(_ slot: Slot) {
        var slot = slot
        while true {
            let right = self.items[slot.index].right
            guard right >= 0, !self.items[right.index].isVisible else { break }
            slot = right
        }
        var seen: Set<ExactString> = []
        while slot >= 0, !self.items[slot.index].isVisible {
            let item = self.items[slot.index]
            if item.kind == .format, !item.isDeleted, !seen.insert(ExactString(self.format(item).key)).inserted {
                self.delete(slot)
            }
            slot = item.left
        }
    }

    /// Looks at every gap in front of live content of a text.
    private mutating func cleanFormatting(of branch: Slot) {
        var start = self.branches[branch.index].start
        var slot = start
        var startMarks = Marks()
        var marks = Marks()
        while slot >= 0 {
            let item = self.items[slot.index]
            if !item.isDeleted {
                if item.kind == .format {
                    marks.apply(self.format(item))
                } else {
                    self.cleanGap(from: start, to: slot, startMarks, &marks)
                    startMarks = marks
                    start = slot
                }
            }
            slot = item.right
        }
    }
}
