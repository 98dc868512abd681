// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

extension Store {
    /// Cuts an item before a unit and returns its right half. Something deleted and collected is not cut.
    @discardableResult
    mutating func split(_ client: Slot, at place: StructList.Place, offset: Int) -> Slot {
        let half = self.cut(client, at: place, offset: offset)
        return self.clients[client.index].entries[half].slot
    }

    /// The same, and returns the place of the right half.
    mutating func cut(_ client: Slot, at place: StructList.Place, offset: Int) -> StructList.Place {
        let slot = self.clients[client.index].entries[place].slot
        var right = self.items[slot.index]
        let left = right
        right.clock += offset
        right.length -= offset
        right.originClient = client
        right.originClock = right.clock - 1
        right.left = slot
        self.splitContent(slot, &right, offset)
        let new = self.add(right)
        self.items[slot.index].length = offset
        self.items[slot.index].right = new
        if left.right >= 0 { self.items[left.right.index].left = new }
        let newPlace = self.clients[client.index].entries.insert(.init(clock: right.clock, slot: new), after: place)
        self.changes.seams.append((client, right.clock))
        if left.isRedone, let target = self.redone[slot] {
            self.redone[new] = (target.client, target.clock + offset)
        }
        self.adoptHalf(new)
        return newPlace
    }

    private mutating func adoptHalf(_ new: Slot) {
        let item = self.items[new.index]
        guard item.key < 0 else {
            if item.right < 0 { self.branches[item.parent.index].entries[item.key]?.last = new }
            return
        }
        if item.right < 0 { self.branches[item.parent.index].end = new }
        if self.branches[item.parent.index].index != nil {
            self.branches[item.parent.index].index?.insertHalf(new, items: &self.items)
        }
    }

    private mutating func splitContent(_ slot: Slot, _ right: inout Item, _ offset: Int) {
        switch right.kind {
        case .string, .any, .json:
            if right.kind == .string { self.cutPair(before: Int(right.payload) + offset) }
            let count = Int32(truncatingIfNeeded: offset)
            self.items[slot.index].capacity = count
            right.payload += count
            right.capacity -= count
        default: break
        }
    }

    /// The halves of a surrogate pair that is cut become U+FFFD, on every replica that cuts it.
    mutating func cutPair(before index: Int) {
        guard index > 0, index < self.units.count, UTF16Units.isHighSurrogate(self.units[index - 1]) else { return }
        self.units[index - 1] = UTF16Units.replacement
        self.units[index] = UTF16Units.replacement
    }

    /// The item that begins with a unit, cut out if need be.
    mutating func itemStarting(_ client: Slot, _ clock: Int) -> Slot {
        let place = self.place(client, clock)
        let entry = self.clients[client.index].entries[place]
        guard self.clock(entry) < clock, self.items[entry.slot.index].kind != .collected else { return entry.slot }
        return self.split(client, at: place, offset: clock - self.clock(entry))
    }

    /// The item that ends with a unit, cut out if need be.
    mutating func itemEnding(_ client: Slot, _ clock: Int) -> Slot {
        let place = self.place(client, clock)
        let entry = self.clients[client.index].entries[place]
        let item = self.items[entry.slot.index]
        if item.end - 1 != clock, item.kind != .collected {
            self.split(client, at: place, offset: clock - item.clock + 1)
        }
        return entry.slot
    }

    /// Cuts an item whose place among its client's structs is not known.
    @discardableResult
    mutating func split(_ slot: Slot, offset: Int) -> Slot {
        let item = self.items[slot.index]
        return self.split(item.client, at: self.place(item.client, item.clock), offset: offset)
    }
}
