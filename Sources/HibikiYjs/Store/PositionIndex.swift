// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Finds an item of a list by its position: the list in blocks of at most 64 items, each with its live length.
///
/// Made when a position is first asked for, so that a document which only relays updates does not pay for it.
/// The block of the last search is remembered with its start, because edits come in bursts.
struct PositionIndex {
    struct Block {
        var first: Slot
        var count: Int32
        var live: Int
        /// The formatting in force before its first item, if ``PositionIndex/marked`` says that it is known.
        var marks = Marks()
    }

    static let capacity: Int32 = 64

    private var blocks: [Block] = []
    private var free: [Slot] = []
    private var order: [Slot] = []
    private var cursor = 0
    private var cursorStart = 0
    /// The last place in the order up to which the formatting is known. Nothing is in force at the start of all.
    private var marked = 0

    init(start: Slot, items: inout [Item]) {
        var slot = start
        while slot >= 0 {
            let id = Slot(truncatingIfNeeded: self.blocks.count)
            var block = Block(first: slot, count: 0, live: 0)
            while slot >= 0, block.count < Self.capacity / 2 {
                items[slot.index].block = id
                block.count += 1
                block.live += items[slot.index].liveLength
                slot = items[slot.index].right
            }
            self.blocks.append(block)
            self.order.append(id)
        }
    }

    /// The item from which to walk on, and the position at which it begins: the start of the block that holds
    /// the unit before `position`.
    mutating func find(_ position: Int) -> (slot: Slot, start: Int)? {
        guard position > 0, !self.order.isEmpty else { return nil }
        var place = self.cursor
        var start = self.cursorStart
        while start >= position, place > 0 {
            place -= 1
            start -= self.blocks[self.order[place].index].live
        }
        while place < self.order.count - 1, start + self.blocks[self.order[place].index].live < position {
            start += self.blocks[self.order[place].index].live
            place += 1
        }
        self.cursor = place
        self.cursorStart = start
        return (self.blocks[self.order[place].index].first, start)
    }

    /// The formatting in force at the start of the block that was found last. The way there is walked from where it is
    /// known, and known from then on.
    mutating func marksOfFound(items: [Item], format: (Item) -> (key: String, value: YValue)) -> Marks {
        while self.marked < self.cursor {
            let block = self.blocks[self.order[self.marked].index]
            var marks = block.marks
            var slot = block.first
            for _ in 0..<block.count {
                let item = items[slot.index]
                if item.kind == .format, !item.isDeleted { marks.apply(format(item)) }
                slot = item.right
            }
            self.marked += 1
            self.blocks[self.order[self.marked].index].marks = marks
        }
        return self.order.indices.contains(self.cursor) ? self.blocks[self.order[self.cursor].index].marks : Marks()
    }

    /// Takes note that a mark came into a block or went: behind it something else may be in force.
    mutating func changeMarks(ofBlock id: Slot) {
        guard let place = self.place(ofBlock: id) else { return }
        self.marked = min(self.marked, place)
    }

    private func place(ofBlock id: Slot) -> Int? {
        if self.order.indices.contains(self.cursor), self.order[self.cursor] == id { return self.cursor }
        return self.order.firstIndex(of: id)
    }

    /// Units before the block of an item, for the way back from an item to its position.
    func start(ofBlock id: Slot) -> (first: Slot, start: Int)? {
        var start = 0
        for other in self.order {
            if other == id { return (self.blocks[id.index].first, start) }
            start += self.blocks[other.index].live
        }
        return nil
    }

    /// Counts units of a block in or out.
    mutating func changeLength(ofBlock id: Slot, by difference: Int) {
        guard difference != 0, self.blocks.indices.contains(id.index) else { return }
        self.blocks[id.index].live += difference
        self.touched(id)
    }

    /// What lies before the remembered block must not have changed.
    private mutating func touched(_ id: Slot) {
        guard self.order.indices.contains(self.cursor), self.order[self.cursor] == id else {
            self.cursor = 0
            self.cursorStart = 0
            return
        }
    }

    /// Takes in an item that was linked behind its left neighbour or at the head of the list.
    mutating func insert(_ slot: Slot, items: inout [Item]) {
        let left = items[slot.index].left
        guard let id = left >= 0 ? items[left.index].block : self.order.first else {
            items[slot.index].block = 0
            self.blocks = [Block(first: slot, count: 1, live: items[slot.index].liveLength)]
            self.order = [0]
            return
        }
        items[slot.index].block = id
        if items[slot.index].kind == .format { self.changeMarks(ofBlock: id) }
        if left < 0 { self.blocks[id.index].first = slot }
        self.blocks[id.index].count += 1
        self.changeLength(ofBlock: id, by: items[slot.index].liveLength)
        if self.blocks[id.index].count > Self.capacity { self.halve(id, items: &items) }
    }

    /// Takes in the right half of an item that was cut in two.
    mutating func insertHalf(_ slot: Slot, items: inout [Item]) {
        let id = items[items[slot.index].left.index].block
        items[slot.index].block = id
        self.blocks[id.index].count += 1
        if self.blocks[id.index].count > Self.capacity { self.halve(id, items: &items) }
    }

    private mutating func halve(_ id: Slot, items: inout [Item]) {
        guard let place = self.place(ofBlock: id) else { return }
        let total = self.blocks[id.index].count
        var slot = self.blocks[id.index].first
        var live = 0
        for _ in 0..<(total / 2) {
            live += items[slot.index].liveLength
            slot = items[slot.index].right
        }
        let second = Block(first: slot, count: total - total / 2, live: self.blocks[id.index].live - live)
        let new = self.add(second)
        self.blocks[id.index].count = total / 2
        self.blocks[id.index].live = live
        for _ in 0..<second.count {
            items[slot.index].block = new
            slot = items[slot.index].right
        }
        self.order.insert(new, at: place + 1)
        self.marked = min(self.marked, place)
        if place < self.cursor {
            self.cursor += 1
        }
    }

    private mutating func add(_ block: Block) -> Slot {
        if let id = self.free.popLast() {
            self.blocks[id.index] = block
            return id
        }
        self.blocks.append(block)
        return Slot(truncatingIfNeeded: self.blocks.count - 1)
    }

    /// Forgets an item whose units its left neighbour takes over.
    mutating func merge(_ slot: Slot, into left: Slot, items: [Item]) {
        let item = items[slot.index]
        let target = items[left.index].block
        let id = item.block
        self.blocks[id.index].count -= 1
        if target != id {
            self.changeLength(ofBlock: id, by: -item.liveLength)
            self.changeLength(ofBlock: target, by: item.liveLength)
            if self.blocks[id.index].first == slot { self.blocks[id.index].first = item.right }
        }
        guard self.blocks[id.index].count == 0 else { return }
        if let place = self.place(ofBlock: id) {
            self.order.remove(at: place)
            if place <= self.marked, self.marked > 0 { self.marked -= 1 }
        }
        self.free.append(id)
        self.cursor = 0
        self.cursorStart = 0
    }
}
