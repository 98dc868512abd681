// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

extension Store {
    /// Joins neighbours that were made apart: around deletions, among new structs, and where items were cut.
    mutating func mergeNeighbours(of transaction: Transaction) {
        for (id, ranges) in transaction.deletions.clients {
            guard let client = self.existingClient(id) else { continue }
            for range in ranges.reversed() { self.merge(around: range, of: client) }
        }
        for (client, before, _) in transaction.grown {
            self.merge(from: max(self.place(client, before), 1), of: client)
        }
        for seam in transaction.changes.seams.reversed() {
            let place = self.place(seam.client, seam.clock)
            if place + 1 < self.clients[seam.client.index].entries.count {
                guard self.mergeLeftwards(from: place + 1, of: seam.client) <= 1 else { continue }
            }
            if place > 0 { self.mergeLeftwards(from: place, of: seam.client) }
        }
    }

    private mutating func merge(around range: Range<Int>, of client: Slot) {
        let last = self.clients[client.index].entries.count - 1
        var place = min(last, 1 + self.place(client, range.upperBound - 1))
        while place > 0, self.clients[client.index].entries[place].clock >= range.lowerBound {
            place -= 1 + self.mergeLeftwards(from: place, of: client)
        }
    }

    private mutating func merge(from first: Int, of client: Slot) {
        var place = self.clients[client.index].entries.count - 1
        while place >= first {
            place -= 1 + self.mergeLeftwards(from: place, of: client)
        }
    }

    /// Joins the struct at a place with as many to its left as possible and returns how many are gone.
    ///
    /// All at once: to join them one by one would copy what is already joined again and again.
    @discardableResult
    private mutating func mergeLeftwards(from place: Int, of client: Slot) -> Int {
        var first = place
        while first > 0 {
            let left = self.clients[client.index].entries[first - 1].slot
            let right = self.clients[client.index].entries[first].slot
            guard self.canMerge(left, right) else { break }
            first -= 1
        }
        guard first < place else { return 0 }
        let left = self.clients[client.index].entries[first].slot
        let rest = self.clients[client.index].entries[(first + 1)...place].map(\.slot)
        guard self.joinContents(of: rest, to: left) else { return 0 }
        for right in rest { self.absorb(right, into: left) }
        self.clients[client.index].entries.removeSubrange((first + 1)...place)
        return place - first
    }

    /// Whether two structs with clocks in a row are one run that was made or cut in parts.
    private func canMerge(_ left: Slot, _ right: Slot) -> Bool {
        let first = self.items[left.index]
        let second = self.items[right.index]
        guard first.kind == second.kind, first.isDeleted == second.isDeleted else { return false }
        switch first.kind {
        case .collected: return true
        case .deleted, .string, .any, .json: break
        case .skip, .binary, .embed, .format, .type, .document: return false
        }
        return first.right == right && second.originClient == first.client && second.originClock == first.end - 1
            && first.rightClient == second.rightClient
            && (first.rightClient < 0 || first.rightClock == second.rightClock) && !first.isRedone && !second.isRedone
    }

    /// Gives an item's units and right neighbour to its left one. Their contents are joined already.
    private mutating func absorb(_ right: Slot, into left: Slot) {
        let second = self.items[right.index]
        self.items[left.index].length += second.length
        self.remove(right)
        guard second.kind != .collected else { return }
        let parent = second.parent.index
        if second.isKept { self.items[left.index].isKept = true }
        if second.key < 0 { self.branches[parent].index?.merge(right, into: left, items: self.items) }
        self.items[left.index].right = second.right
        if second.right >= 0 { self.items[second.right.index].left = left }
        if second.key >= 0 {
            if self.branches[parent].entries[second.key] == right { self.branches[parent].entries[second.key] = left }
        } else if second.right < 0 {
            self.branches[parent].end = left
        }
    }

    private mutating func joinContents(of rest: [Slot], to left: Slot) -> Bool {
        switch self.items[left.index].kind {
        case .string: return self.joinText(of: rest, to: left)
        case .any, .json: self.joinValues(of: rest, to: left)
        default: break
        }
        return true
    }

    private mutating func joinValues(of rest: [Slot], to left: Slot) {
        let target = self.items[left.index].payload
        guard case .values(var values) = self.contents[target.index] else { return }
        // The array must have one owner while it grows.
        self.contents[target.index] = .bytes([])
        for right in rest {
            let item = self.items[right.index]
            values.append(contentsOf: self.values(item))
            self.removeContent(item.payload)
        }
        self.contents[target.index] = .values(values)
    }

    /// Puts text behind other text: it often stands there already, or there is room.
    private mutating func joinText(of rest: [Slot], to left: Slot) -> Bool {
        var end = Int(self.items[left.index].payload) + self.items[left.index].length
        let start = Int(self.items[left.index].payload)
        var total = self.items[left.index].length
        var isInPlace = true
        for right in rest {
            let item = self.items[right.index]
            isInPlace = isInPlace && Int(item.payload) == end
            end = Int(item.payload) + item.length
            total += item.length
        }
        if isInPlace {
            guard let last = rest.last.map({ self.items[$0.index] }) else { return true }
            self.items[left.index].capacity = last.payload + last.capacity - Int32(truncatingIfNeeded: start)
        } else if total <= Int(self.items[left.index].capacity) {
            self.copyText(of: rest, behind: left)
        } else {
            return self.moveText(of: rest, behind: left, total: total)
        }
        return true
    }

    private mutating func copyText(of rest: [Slot], behind left: Slot) {
        var end = Int(self.items[left.index].payload) + self.items[left.index].length
        for right in rest {
            let item = self.items[right.index]
            for offset in 0..<item.length { self.units[end + offset] = self.units[Int(item.payload) + offset] }
            end += item.length
            self.unusedUnits += Int(item.capacity) - item.length
        }
    }

    /// Moves all to the end with twice the room, so that a run which grows a unit at a time moves seldom.
    private mutating func moveText(of rest: [Slot], behind left: Slot, total: Int) -> Bool {
        guard self.units.count + 2 * total < Int(Int32.max) else { return false }
        let start = self.units.count
        for slot in [left] + rest {
            let item = self.items[slot.index]
            self.units.append(contentsOf: self.text(item))
            self.unusedUnits += Int(item.capacity)
        }
        self.units.append(contentsOf: repeatElement(0, count: total))
        self.unusedUnits += total
        self.items[left.index].payload = Slot(truncatingIfNeeded: start)
        self.items[left.index].capacity = Int32(truncatingIfNeeded: 2 * total)
        return true
    }
}
