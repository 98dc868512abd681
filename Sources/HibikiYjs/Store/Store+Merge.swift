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
    @discardableResult
    private mutating func mergeLeftwards(from place: Int, of client: Slot) -> Int {
        var first = place
        while first > 0 {
            let left = self.clients[client.index].entries[first - 1].slot
            let right = self.clients[client.index].entries[first].slot
            guard self.merge(right, into: left) else { break }
            first -= 1
        }
        if first < place { self.clients[client.index].entries.removeSubrange((first + 1)...place) }
        return place - first
    }

    private mutating func merge(_ right: Slot, into left: Slot) -> Bool {
        let first = self.items[left.index]
        let second = self.items[right.index]
        guard first.kind == second.kind, first.isDeleted == second.isDeleted else { return false }
        if first.kind == .collected {
            self.items[left.index].length += second.length
            self.remove(right)
            return true
        }
        guard first.right == right, second.originClient == first.client, second.originClock == first.end - 1,
            first.rightClient == second.rightClient, first.rightClient < 0 || first.rightClock == second.rightClock,
            !first.isRedone, !second.isRedone, self.mergeContent(of: second, into: left)
        else { return false }
        if second.isKept { self.items[left.index].isKept = true }
        if second.key < 0 { self.branches[first.parent.index].index?.merge(right, into: left, items: self.items) }
        self.items[left.index].length += second.length
        self.items[left.index].right = second.right
        if second.right >= 0 { self.items[second.right.index].left = left }
        if second.key >= 0 {
            if self.branches[first.parent.index].entries[second.key] == right {
                self.branches[first.parent.index].entries[second.key] = left
            }
        } else if second.right < 0 {
            self.branches[first.parent.index].end = left
        }
        self.remove(right)
        return true
    }

    private mutating func mergeContent(of second: Item, into left: Slot) -> Bool {
        switch second.kind {
        case .deleted: return true
        case .string: return self.joinText(of: second, to: left)
        case .any, .json:
            let target = self.items[left.index].payload
            guard case .values(var values) = self.contents[target.index] else { return false }
            // The array must have one owner while it grows.
            self.contents[target.index] = .bytes([])
            values.append(contentsOf: self.values(second))
            self.contents[target.index] = .values(values)
            self.removeContent(second.payload)
            return true
        case .collected, .skip, .binary, .embed, .format, .type, .document: return false
        }
    }

    /// Puts text behind other text: it often stands there already, or there is room.
    private mutating func joinText(of second: Item, to left: Slot) -> Bool {
        let first = self.items[left.index]
        let start = Int(first.payload)
        if start + first.length == Int(second.payload) {
            self.items[left.index].capacity = Int32(truncatingIfNeeded: first.length) + second.capacity
            return true
        }
        let total = first.length + second.length
        if total > Int(first.capacity) {
            // Twice the room, so that a run which grows a unit at a time moves seldom.
            guard self.units.count + 2 * total < Int(Int32.max) else { return false }
            self.items[left.index].payload = Slot(truncatingIfNeeded: self.units.count)
            self.items[left.index].capacity = Int32(truncatingIfNeeded: 2 * total)
            self.units.append(contentsOf: self.text(first))
            self.units.append(contentsOf: self.text(second))
            self.units.append(contentsOf: repeatElement(0, count: total))
            self.unusedUnits += Int(first.capacity) + total
        } else {
            for offset in 0..<second.length {
                self.units[start + first.length + offset] = self.units[Int(second.payload) + offset]
            }
            self.unusedUnits -= second.length
        }
        self.unusedUnits += Int(second.capacity)
        return true
    }
}
