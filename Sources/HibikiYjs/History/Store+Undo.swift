// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

extension Store {
    /// The items of some ranges, cut out at both ends.
    mutating func slots(of ranges: DeleteSet) -> [Slot] {
        var slots: [Slot] = []
        for (id, ranges) in ranges.clients.sorted(by: { $0.key < $1.key }) {
            guard let client = self.existingClient(id) else { continue }
            for range in ranges where range.upperBound <= self.clients[client.index].state {
                _ = self.itemStarting(client, range.lowerBound)
                if range.upperBound < self.clients[client.index].state {
                    _ = self.itemStarting(client, range.upperBound)
                }
                self.forEachItem(of: client, in: range) { slot, _ in slots.append(slot) }
            }
        }
        return slots
    }

    /// What took an item's place when its deletion was undone, the last of several; itself if nothing did.
    mutating func redoneStart(of slot: Slot) -> Slot {
        var slot = slot
        while self.items[slot.index].isRedone, let target = self.redone[slot] {
            slot = self.itemStarting(target.client, target.clock)
        }
        return slot
    }

    /// Whether an item lies in one of the types or in what they hold.
    func isIn(_ scope: Set<Slot>, _ slot: Slot) -> Bool {
        var branch = self.items[slot.index].parent
        while branch >= 0 {
            if scope.contains(branch) { return true }
            let holder = self.branches[branch.index].item
            guard holder >= 0 else { return false }
            branch = self.items[holder.index].parent
        }
        return false
    }

    /// Whether a transaction changed one of the types or something in them.
    func touches(_ scope: Set<Slot>, _ transaction: Transaction) -> Bool {
        transaction.changes.branches.keys.contains { branch in
            if scope.contains(branch) { return true }
            let holder = self.branches[branch.index].item
            return holder >= 0 && self.isIn(scope, holder)
        }
    }

    /// Keeps deleted items from being freed, or lets them go.
    mutating func keep(_ deletions: DeleteSet, in scope: Set<Slot>, _ isKept: Bool) {
        for slot in self.slots(of: deletions) {
            if self.items[slot.index].kind != .collected, self.isIn(scope, slot) { self.keep(slot, isKept) }
        }
    }

    mutating func keep(_ slot: Slot, _ isKept: Bool) {
        var slot = slot
        while slot >= 0, self.items[slot.index].isKept != isKept {
            self.items[slot.index].isKept = isKept
            guard self.items[slot.index].parent >= 0 else { return }
            slot = self.branches[self.items[slot.index].parent.index].item
        }
    }

    /// A copy of what an item holds; of a type, an empty one. Nil if the content was freed.
    mutating func copyContent(of slot: Slot) -> Slot? {
        let item = self.items[slot.index]
        switch item.kind {
        case .collected, .deleted, .skip: return nil
        case .string:
            let text = Array(self.text(item))
            return (try? self.addUnits(text))?.payload
        case .type:
            var branch = Branch()
            branch.kind = self.branches[item.payload.index].kind
            branch.name = self.branches[item.payload.index].name
            return self.add(branch)
        case .document:
            let record = self.documents[item.payload.index]
            return self.add(SubdocumentRecord(guid: record.guid, options: record.options))
        case .any, .json: return self.values.append(Array(self.values(item)))
        case .binary, .embed, .format:
            return self.add(self.contents[item.payload.index])
        }
    }
}
