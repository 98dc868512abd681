// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Counts the steps of the search for places.
struct ConflictBudget {
    var steps = 0
    var limit = Int.max
    /// From here on places are wrong: whoever set the limit goes back to a copy.
    var isSpent: Bool { self.steps > self.limit }
}

extension Store {
    /// YATA: finds the left neighbour of an item among those that were inserted at its place by others.
    ///
    /// Each item passed gets a mark higher than all before it. Whether an item was passed at all, and whether since
    /// the place last moved, are then comparisons, not sets.
    mutating func resolveConflicts(_ slot: Slot) {
        let item = self.items[slot.index]
        guard self.hasConflict(item) else { return }
        var left = item.left
        var other = self.firstConflicting(item)
        if self.mark > UInt32.max / 2 { self.clearMarks() }
        let passed = self.mark
        var sincePlace = self.mark
        while other >= 0, other != item.right, !self.conflicts.isSpent {
            self.conflicts.steps += 1
            self.mark += 1
            self.items[other.index].mark = self.mark
            let rival = self.items[other.index]
            if rival.originClient == item.originClient, rival.originClient < 0 || rival.originClock == item.originClock
            {
                if self.clients[rival.client.index].id < self.clients[item.client.index].id {
                    left = other
                    sincePlace = self.mark
                } else if self.hasSameRight(rival, item) {
                    break
                }
            } else if rival.originClient >= 0, let origin = self.slot(rival.originClient, rival.originClock),
                self.items[origin.index].mark > passed
            {
                if self.items[origin.index].mark <= sincePlace {
                    left = other
                    sincePlace = self.mark
                }
            } else {
                break
            }
            other = rival.right
        }
        self.items[slot.index].left = left
    }

    private func hasConflict(_ item: Item) -> Bool {
        if item.left >= 0 { return self.items[item.left.index].right != item.right }
        return item.right < 0 || self.items[item.right.index].left >= 0
    }

    private func firstConflicting(_ item: Item) -> Slot {
        if item.left >= 0 { return self.items[item.left.index].right }
        let branch = self.branches[item.parent.index]
        return item.key < 0 ? branch.start : branch.entries[item.key]?.first ?? .none
    }

    private func hasSameRight(_ left: Item, _ right: Item) -> Bool {
        left.rightClient == right.rightClient && (left.rightClient < 0 || left.rightClock == right.rightClock)
    }

    private mutating func clearMarks() {
        for index in self.items.indices { self.items[index].mark = 0 }
        self.mark = 0
    }
}
