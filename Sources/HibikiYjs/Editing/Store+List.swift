// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

extension Store {
    /// The items on both sides of a position, cut apart if need be. The left one is the last live one before it.
    mutating func locate(_ position: Int, in branch: Slot) -> (left: Slot, right: Slot) {
        guard position > 0 else { return (.none, self.branches[branch.index].start) }
        var (slot, start) = self.search(position, in: branch)
        var left = Slot.none
        while slot >= 0 {
            let live = self.items[slot.index].liveLength
            if start + live >= position {
                if start + live > position { self.split(slot, offset: position - start) }
                return (slot, self.items[slot.index].right)
            }
            start += live
            left = slot
            slot = self.items[slot.index].right
        }
        return (left, .none)
    }

    /// An item at or before a position and where it begins. Long lists get an index when first searched.
    mutating func search(_ position: Int, in branch: Slot) -> (slot: Slot, start: Int) {
        if self.branches[branch.index].index == nil {
            guard self.isLong(branch) else { return (self.branches[branch.index].start, 0) }
            self.branches[branch.index].index = PositionIndex(
                start: self.branches[branch.index].start, items: &self.items)
        }
        return self.branches[branch.index].index?.find(position) ?? (self.branches[branch.index].start, 0)
    }

    private func isLong(_ branch: Slot) -> Bool {
        var slot = self.branches[branch.index].start
        for _ in 0..<Int(PositionIndex.capacity) {
            guard slot >= 0 else { return false }
            slot = self.items[slot.index].right
        }
        return true
    }

    mutating func insert(_ inputs: [YInput], at position: Int, in branch: Slot, by author: Author) throws(YError) {
        guard position >= 0, position <= self.branches[branch.index].length else { throw .indexOutOfRange }
        let place = self.locate(position, in: branch)
        try self.insert(inputs, after: place.left, in: branch, by: author)
    }

    /// Behind the last item, deleted ones included, which is not the same place as behind the last live one.
    mutating func append(_ inputs: [YInput], to branch: Slot, by author: Author) throws(YError) {
        try self.insert(inputs, after: self.branches[branch.index].end, in: branch, by: author)
    }

    mutating func remove(_ range: Range<Int>, from branch: Slot) throws(YError) {
        guard range.lowerBound >= 0, range.upperBound <= self.branches[branch.index].length else {
            throw .indexOutOfRange
        }
        var slot = self.locate(range.lowerBound, in: branch).right
        var count = range.count
        while count > 0, slot >= 0 {
            let item = self.items[slot.index]
            if item.isVisible {
                if count < item.length { self.split(slot, offset: count) }
                count -= min(count, item.length)
                self.delete(slot)
            }
            slot = item.isVisible ? self.items[slot.index].right : item.right
        }
    }

    /// The position of an item's first unit; 0 under a key.
    func position(of slot: Slot) -> Int {
        let item = self.items[slot.index]
        guard item.key < 0 else { return 0 }
        let branch = self.branches[item.parent.index]
        var (other, start) = (branch.start, 0)
        if item.block >= 0, let index = branch.index, let block = index.start(ofBlock: item.block) {
            (other, start) = block
        }
        while other >= 0, other != slot {
            start += self.items[other.index].liveLength
            other = self.items[other.index].right
        }
        return start
    }
}
