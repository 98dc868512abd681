// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

extension Store {
    /// Marks an item as deleted and, if it holds a type, everything in it.
    ///
    /// Types nest as deep as the network likes, so what is still to be deleted waits in an array, not on the stack.
    mutating func delete(_ slot: Slot) {
        var waiting = [slot]
        while let next = waiting.popLast() {
            guard !self.items[next.index].isDeleted else { continue }
            self.deleteOne(next)
            let item = self.items[next.index]
            if item.kind == .type { self.collectChildren(of: item.payload, into: &waiting) }
            if item.kind == .document { self.removeDocument(next) }
        }
    }

    private mutating func deleteOne(_ slot: Slot) {
        let item = self.items[slot.index]
        if item.key < 0, item.kind.isCountable {
            self.branches[item.parent.index].length -= item.length
            if item.block >= 0 {
                self.branches[item.parent.index].index?.changeLength(ofBlock: item.block, by: -item.length)
            }
        } else if item.kind == .format, item.block >= 0 {
            self.branches[item.parent.index].index?.changeMarks(ofBlock: item.block)
        }
        self.items[slot.index].isDeleted = true
        self.changes.delete(item)
        self.recordChange(item.parent, key: item.key)
    }

    private mutating func collectChildren(of branch: Slot, into waiting: inout [Slot]) {
        var slot = self.branches[branch.index].start
        while slot >= 0 {
            self.collectChild(slot, into: &waiting)
            slot = self.items[slot.index].right
        }
        for chain in self.branches[branch.index].entries.values { self.collectChild(chain.last, into: &waiting) }
        self.changes.branches[branch] = nil
    }

    private mutating func collectChild(_ slot: Slot, into waiting: inout [Slot]) {
        let item = self.items[slot.index]
        if !item.isDeleted {
            waiting.append(slot)
        } else if item.clock < self.stateBefore(item.client) {
            // It is collected with its parent and may then join its neighbours.
            self.changes.seams.append((item.client, item.clock))
        }
    }

    /// Deletes what is there of the ranges and gives back what is not there yet.
    mutating func apply(_ deletions: DeleteSet) -> DeleteSet {
        for (id, ranges) in deletions.clients {
            guard let client = self.existingClient(id) else { continue }
            let state = self.clients[client.index].state
            for range in ranges where range.lowerBound < state {
                self.delete(range.lowerBound..<min(range.upperBound, state), of: client)
            }
        }
        return self.part(of: deletions, beyond: nil)
    }

    /// The ranges of which not all is known now, or once something planned is done; cut to what is not.
    func part(of deletions: DeleteSet, beyond plan: IntegrationPlan?) -> DeleteSet {
        var part = DeleteSet()
        for (client, ranges) in deletions.clients {
            let state = plan?.state(client, in: self) ?? self.state(client)
            for range in ranges where range.upperBound > state {
                part.insert(max(range.lowerBound, state)..<range.upperBound, client: client)
            }
        }
        return part
    }

    mutating func delete(_ range: Range<Int>, of client: Slot) {
        var place = self.place(client, range.lowerBound)
        let first = self.clients[client.index].entries[place]
        if self.clock(first) < range.lowerBound, !self.items[first.slot.index].isDeleted {
            place = self.cut(client, at: place, offset: range.lowerBound - self.clock(first))
        }
        var next: StructList.Place? = place
        while let place = next {
            let entry = self.clients[client.index].entries[place]
            guard self.clock(entry) < range.upperBound else { return }
            next = self.clients[client.index].entries.place(after: place)
            let item = self.items[entry.slot.index]
            guard !item.isDeleted else { continue }
            if range.upperBound < item.end {
                next = nil
                self.split(client, at: place, offset: range.upperBound - item.clock)
            }
            self.delete(entry.slot)
        }
    }

    /// Everything that is deleted, what was collected too.
    func deletions() -> DeleteSet {
        var set = DeleteSet()
        for client in self.clients {
            var start: Int?
            for entry in client.entries {
                if self.items[entry.slot.index].isDeleted {
                    start = start ?? self.clock(entry)
                } else if let first = start {
                    set.insert(first..<self.clock(entry), client: client.id)
                    start = nil
                }
            }
            if let first = start { set.insert(first..<client.state, client: client.id) }
        }
        return set
    }
}
