// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// What the runs of a kind hold, all in one array: a run that is cut moves nothing, and one that grows moves seldom.
///
/// What nobody refers to any more is overwritten at once and squeezed out from time to time.
struct RunPool<Element> {
    /// So that a place in it fits into an item, with as much again for room to grow.
    static var limit: Int { Int(Int32.max) / 2 }

    private(set) var elements: [Element] = []
    /// Places that were let go. Room to grow is not among them: who squeezes it out moves the run again at once.
    private var freed = 0
    private let filler: Element

    init(filler: Element) { self.filler = filler }

    var count: Int { self.elements.count }
    var room: Int { Self.limit - self.elements.count }
    var isMostlyFreed: Bool { self.freed > 4096 && self.freed > self.elements.count / 2 }

    subscript(index: Int) -> Element {
        get { self.elements[index] }
        set { self.elements[index] = newValue }
    }

    func slice(_ item: Item) -> ArraySlice<Element> {
        self.elements[Int(item.payload)..<(Int(item.payload) + item.length)]
    }

    /// Makes room for many at once; few are left to the array's own doubling.
    mutating func reserve(_ count: Int) {
        if count > self.elements.count { self.elements.reserveCapacity(self.elements.count + count) }
    }

    /// Adds what a run holds and returns its place.
    mutating func append(_ elements: some Sequence<Element>) -> Slot {
        let start = self.elements.count
        self.elements.append(contentsOf: elements)
        return Slot(truncatingIfNeeded: start)
    }

    /// Lets go of what a run holds.
    mutating func free(_ item: Item) {
        self.freed += Int(item.capacity)
        for index in Int(item.payload)..<(Int(item.payload) + item.length) { self.elements[index] = self.filler }
    }
}

extension RunPool {
    /// Puts what some runs hold behind what another holds: it often stands there already, or there is room.
    mutating func join(_ rest: [Slot], to left: Slot, items: inout [Item]) -> Bool {
        let start = Int(items[left.index].payload)
        var end = start + items[left.index].length
        var total = items[left.index].length
        var isInPlace = true
        for right in rest {
            let item = items[right.index]
            isInPlace = isInPlace && Int(item.payload) == end
            end = Int(item.payload) + item.length
            total += item.length
        }
        if isInPlace {
            guard let last = rest.last.map({ items[$0.index] }) else { return true }
            items[left.index].capacity = last.payload + last.capacity - Int32(truncatingIfNeeded: start)
        } else if total <= Int(items[left.index].capacity) {
            self.copy(rest, behind: start + items[left.index].length, items: items)
        } else {
            return self.move([left] + rest, total: total, items: &items)
        }
        return true
    }

    private mutating func copy(_ rest: [Slot], behind end: Int, items: [Item]) {
        var end = end
        for right in rest {
            let item = items[right.index]
            for offset in 0..<item.length { self.elements[end + offset] = self.elements[Int(item.payload) + offset] }
            end += item.length
            self.free(item)
        }
    }

    /// Moves all to the end with twice the room, so that a run which grows a unit at a time moves seldom.
    private mutating func move(_ runs: [Slot], total: Int, items: inout [Item]) -> Bool {
        guard let left = runs.first, self.elements.count + 2 * total < 2 * Self.limit else { return false }
        let start = self.elements.count
        for slot in runs {
            self.elements.append(contentsOf: self.slice(items[slot.index]))
            self.free(items[slot.index])
        }
        self.elements.append(contentsOf: repeatElement(self.filler, count: total))
        items[left.index].payload = Slot(truncatingIfNeeded: start)
        items[left.index].capacity = Int32(truncatingIfNeeded: 2 * total)
        return true
    }

    /// A pool of what some runs hold and nothing else.
    func compacted(to runs: some Sequence<Slot>, items: inout [Item]) -> RunPool {
        var pool = RunPool(filler: self.filler)
        pool.elements.reserveCapacity(self.elements.count - self.freed)
        for slot in runs {
            let item = items[slot.index]
            items[slot.index].payload = pool.append(self.slice(item))
            items[slot.index].capacity = Int32(truncatingIfNeeded: item.length)
        }
        return pool
    }
}
