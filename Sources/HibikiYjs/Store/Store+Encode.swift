// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

extension Store {
    func stateVector() -> YStateVector {
        var vector = YStateVector()
        for client in self.clients where client.state > 0 { vector[client.id] = client.state }
        return vector
    }

    /// The structs that are not covered by a state vector, the highest client first.
    func write<Writer: UpdateWriter>(structsFrom vector: YStateVector, to writer: inout Writer) {
        let slots = self.clients.indices.filter { self.clients[$0].state > vector[self.clients[$0].id] }
            .map { (slot: $0, clock: vector[self.clients[$0].id]) }
        self.write(slots, to: &writer)
    }

    /// The structs that a transaction added.
    func write<Writer: UpdateWriter>(structsOf transaction: Transaction, to writer: inout Writer) {
        self.write(transaction.grown.map { (slot: $0.client.index, clock: $0.before) }, to: &writer)
    }

    private func write<Writer: UpdateWriter>(_ parts: [(slot: Int, clock: Int)], to writer: inout Writer) {
        writer.varUint(parts.count)
        let sorted = parts.count < 2 ? parts : parts.sorted { self.clients[$0.slot].id > self.clients[$1.slot].id }
        for part in sorted {
            let entries = self.clients[part.slot].entries
            let first = self.place(Slot(truncatingIfNeeded: part.slot), part.clock)
            writer.varUint(entries.count(from: first))
            writer.client(self.clients[part.slot].id)
            writer.varUint(part.clock)
            var next: StructList.Place? = first
            while let place = next {
                let entry = entries[place]
                next = entries.place(after: place)
                self.write(entry.slot, dropping: max(part.clock - self.clock(entry), 0), to: &writer)
            }
        }
    }

    func write<Writer: UpdateWriter>(_ slot: Slot, dropping offset: Int, to writer: inout Writer) {
        let item = self.items[slot.index]
        guard item.kind != .collected else {
            writer.info(item.kind.rawValue)
            return writer.length(item.length - offset)
        }
        var info = item.kind.rawValue
        let hasOrigin = offset > 0 || item.originClient >= 0
        if hasOrigin { info |= 0x80 }
        if item.rightClient >= 0 { info |= 0x40 }
        if item.key >= 0 { info |= 0x20 }
        writer.info(info)
        if offset > 0 {
            writer.leftID(self.clients[item.client.index].id, item.clock + offset - 1)
        } else if item.originClient >= 0 {
            writer.leftID(self.clients[item.originClient.index].id, item.originClock)
        }
        if item.rightClient >= 0 { writer.rightID(self.clients[item.rightClient.index].id, item.rightClock) }
        if !hasOrigin, item.rightClient < 0 { self.writeParent(of: item, to: &writer) }
        self.writeContent(of: item, dropping: offset, to: &writer)
    }

    private func writeParent<Writer: UpdateWriter>(of item: Item, to writer: inout Writer) {
        let branch = self.branches[item.parent.index]
        if branch.root >= 0 {
            writer.parentIsRoot(true)
            writer.string(self.names[branch.root.index])
        } else {
            writer.parentIsRoot(false)
            let id = branch.item >= 0 ? self.id(branch.item) : YID(client: 0, clock: 0)
            writer.leftID(id.client, id.clock)
        }
        if item.key >= 0 { writer.string(self.names[item.key.index]) }
    }

    private func writeContent<Writer: UpdateWriter>(of item: Item, dropping offset: Int, to writer: inout Writer) {
        switch item.kind {
        case .deleted: writer.length(item.length - offset)
        case .string: writer.units(self.text(item).dropFirst(offset))
        case .any, .json: writer.values(self.values(item).dropFirst(offset), kind: item.kind)
        case .type:
            let branch = self.branches[item.payload.index]
            writer.content(.type(kind: branch.kind ?? .map, name: branch.name), kind: .type)
        case .document:
            let record = self.documents[item.payload.index]
            writer.content(.document(guid: record.guid, options: record.options), kind: .document)
        default: writer.content(self.contents[item.payload.index], kind: item.kind)
        }
    }
}
