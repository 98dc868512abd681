// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

extension Store {
    /// Gives a struct its place. Its clock is at most the client's state, its end beyond it, and what it refers to
    /// is there.
    mutating func integrate(_ decoded: DecodedStruct, of batch: inout StructBatch) {
        let client = self.client(decoded.client)
        let offset = self.clients[client.index].state - decoded.clock
        var item = Item(client: client, clock: decoded.clock, length: decoded.length, kind: decoded.kind)
        guard decoded.kind != .collected else { return self.appendCollected(item, dropping: offset) }
        item.originClient = decoded.originClient < 0 ? .none : self.client(decoded.originClient)
        item.originClock = decoded.originClock
        item.rightClient = decoded.rightClient < 0 ? .none : self.client(decoded.rightClient)
        item.rightClock = decoded.rightClock
        item.payload = decoded.payload
        if offset > 0 { self.drop(offset, from: &item, of: &batch) }
        if item.originClient >= 0 { item.left = self.itemEnding(item.originClient, item.originClock) }
        if item.rightClient >= 0 { item.right = self.itemStarting(item.rightClient, item.rightClock) }
        guard self.findParent(of: &item, decoded, names: batch.names) else {
            return self.appendCollected(item, dropping: 0)
        }
        self.adoptContent(of: &item, from: batch)
        self.link(self.add(item))
    }

    private mutating func appendCollected(_ item: Item, dropping offset: Int) {
        var gap = Item(client: item.client, clock: item.clock + offset, length: item.length - offset, kind: .collected)
        gap.isDeleted = true
        self.append(self.add(gap))
    }

    /// Cuts away the units that are already known.
    private mutating func drop(_ offset: Int, from item: inout Item, of batch: inout StructBatch) {
        item.clock += offset
        item.length -= offset
        item.originClient = item.client
        item.originClock = item.clock - 1
        switch item.kind {
        case .string:
            item.payload += Int32(truncatingIfNeeded: offset)
            let first = Int(item.payload)
            if UTF16Units.isHighSurrogate(batch.units[first - 1]) { batch.units[first] = UTF16Units.replacement }
        case .any, .json:
            if case .values(let values) = batch.contents[item.payload.index] {
                item.payload = Slot(truncatingIfNeeded: batch.contents.count)
                batch.contents.append(.values(Array(values.dropFirst(offset))))
            }
        default: break
        }
    }

    /// False if what held the item is gone: the units then count, but have no place.
    private mutating func findParent(of item: inout Item, _ decoded: DecodedStruct, names: [String]) -> Bool {
        for neighbour in [item.left, item.right] where neighbour >= 0 {
            if self.items[neighbour.index].kind == .collected { return false }
        }
        let neighbour = item.left >= 0 ? item.left : item.right
        if neighbour >= 0 {
            item.parent = self.items[neighbour.index].parent
            item.key = self.items[neighbour.index].key
            return true
        }
        if decoded.key >= 0 { item.key = self.name(names[decoded.key.index]) }
        if decoded.root >= 0 {
            item.parent = self.root(names[decoded.root.index])
            return true
        }
        guard decoded.parentClient >= 0, let client = self.existingClient(decoded.parentClient),
            let holder = self.slot(client, decoded.parentClock), self.items[holder.index].kind == .type
        else { return false }
        item.parent = self.items[holder.index].payload
        return true
    }

    /// Moves what an item holds from its update into the store.
    private mutating func adoptContent(of item: inout Item, from batch: StructBatch) {
        guard item.kind != .deleted else { return }
        guard item.kind != .string else {
            let start = Int(item.payload)
            item.capacity = Int32(truncatingIfNeeded: item.length)
            item.payload = self.units.append(batch.units[start..<(start + item.length)])
            return
        }
        let content = batch.contents[item.payload.index]
        switch content {
        case .values(let values):
            item.capacity = Int32(truncatingIfNeeded: item.length)
            item.payload = self.values.append(values)
        case .type(let kind, let name):
            var branch = Branch()
            branch.kind = kind
            branch.name = name
            item.payload = self.add(branch)
        case .document(let guid, let options):
            item.payload = self.add(SubdocumentRecord(guid: guid, options: options))
        default:
            item.payload = self.add(content)
        }
    }

    /// Puts an item between its neighbours, after those that others put there at the same time and that go first.
    mutating func link(_ slot: Slot) {
        self.resolveConflicts(slot)
        let item = self.items[slot.index]
        self.connect(slot)
        let right = self.items[slot.index].right
        if item.key >= 0, right < 0, item.left >= 0 { self.delete(item.left) }
        self.append(slot)
        self.integrateContent(slot)
        self.recordChange(item.parent, key: item.key)
        let holder = self.branches[item.parent.index].item
        if (holder >= 0 && self.items[holder.index].isDeleted) || (item.key >= 0 && right >= 0) {
            self.delete(slot)
        }
    }

    private mutating func connect(_ slot: Slot) {
        let item = self.items[slot.index]
        let parent = item.parent.index
        let right: Slot
        if item.key >= 0 {
            right = self.connect(slot, inChainOf: item)
        } else if item.left >= 0 {
            right = self.items[item.left.index].right
            self.items[item.left.index].right = slot
        } else {
            right = self.branches[parent].start
            self.branches[parent].start = slot
        }
        self.items[slot.index].right = right
        if right >= 0 { self.items[right.index].left = slot }
        guard item.key < 0 else { return }
        if right < 0 { self.branches[parent].end = slot }
        self.branches[parent].length += item.liveLength
        if self.branches[parent].index != nil { self.branches[parent].index?.insert(slot, items: &self.items) }
    }

    /// Puts an item among those of its key and returns its right neighbour.
    private mutating func connect(_ slot: Slot, inChainOf item: Item) -> Slot {
        let parent = item.parent.index
        var chain = self.branches[parent].entries[item.key] ?? Chain(first: .none, last: .none)
        let right = item.left >= 0 ? self.items[item.left.index].right : chain.first
        if item.left >= 0 { self.items[item.left.index].right = slot } else { chain.first = slot }
        if right < 0 { chain.last = slot }
        self.branches[parent].entries[item.key] = chain
        return right
    }

    private mutating func integrateContent(_ slot: Slot) {
        let item = self.items[slot.index]
        switch item.kind {
        case .deleted:
            self.items[slot.index].isDeleted = true
            self.changes.delete(item)
        case .format: self.branches[item.parent.index].hasFormatting = true
        case .type: self.branches[item.payload.index].item = slot
        case .document: self.addDocument(slot)
        default: break
        }
    }

    /// Notes a change for observers; types that are new or gone are not observed.
    mutating func recordChange(_ branch: Slot, key: Slot) {
        let holder = self.branches[branch.index].item
        if holder >= 0 {
            let item = self.items[holder.index]
            guard item.clock < self.stateBefore(item.client), !item.isDeleted else { return }
        }
        self.changes.branches[branch, default: []].insert(key)
    }
}
