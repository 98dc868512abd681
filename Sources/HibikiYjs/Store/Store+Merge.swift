// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

extension Store {
    /// Joins neighbours that were made apart: around deletions, among new structs, and where items were cut.
    mutating func mergeNeighbours(of transaction: Transaction) {
        for (id, ranges) in transaction.deletions.clients {
            guard let client = self.existingClient(id) else { continue }
            for range in ranges.reversed() { self.merge(around: range, of: client) }
        }
        for (client, before, _) in transaction.grown { self.merge(from: before, of: client) }
        for seam in transaction.changes.seams.reversed() {
            let place = self.place(seam.client, seam.clock)
            if let next = self.clients[seam.client.index].entries.place(after: place) {
                guard self.mergeLeftwards(from: next, of: seam.client) == nil else { continue }
            }
            _ = self.mergeLeftwards(from: place, of: seam.client)
        }
    }

    private mutating func merge(around range: Range<Int>, of client: Slot) {
        let last = self.place(client, range.upperBound - 1)
        var next = Optional(self.clients[client.index].entries.place(after: last) ?? last)
        while let place = next, self.clock(self.clients[client.index].entries[place]) >= range.lowerBound {
            let joined = self.mergeLeftwards(from: place, of: client) ?? place
            next = self.clients[client.index].entries.place(before: joined)
        }
    }

    private mutating func merge(from clock: Int, of client: Slot) {
        var next = self.clients[client.index].entries.lastPlace
        while let place = next, self.clock(self.clients[client.index].entries[place]) >= clock {
            let joined = self.mergeLeftwards(from: place, of: client) ?? place
            next = self.clients[client.index].entries.place(before: joined)
        }
    }

    /// Joins the struct at a place with as many to its left as possible and returns where they are now; nil if none.
    ///
    /// All at once: to join them one by one would copy what is already joined again and again.
    @discardableResult
    private mutating func mergeLeftwards(from place: StructList.Place, of client: Slot) -> StructList.Place? {
        var first = place
        var right = self.clients[client.index].entries[place].slot
        var rest: [Slot] = []
        while let before = self.clients[client.index].entries.place(before: first) {
            let left = self.clients[client.index].entries[before].slot
            guard self.canMerge(left, right) else { break }
            rest.append(right)
            (first, right) = (before, left)
        }
        guard !rest.isEmpty else { return nil }
        rest.reverse()
        guard self.joinContents(of: rest, to: right) else { return nil }
        for slot in rest { self.absorb(slot, into: right) }
        self.clients[client.index].entries.remove(after: first, through: place)
        return first
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
            if second.right < 0 { self.branches[parent].entries[second.key]?.last = left }
        } else if second.right < 0 {
            self.branches[parent].end = left
        }
    }

    private mutating func joinContents(of rest: [Slot], to left: Slot) -> Bool {
        switch self.items[left.index].kind {
        case .string: self.units.join(rest, to: left, items: &self.items)
        case .any, .json: self.values.join(rest, to: left, items: &self.items)
        default: true
        }
    }
}
