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
        let parts = self.parts(from: vector)
        writer.varUint(parts.count)
        for part in parts {
            writer.varUint(self.count(of: part))
            self.write(part, to: &writer)
        }
    }

    /// The structs that a transaction added.
    func write<Writer: UpdateWriter>(structsOf transaction: Transaction, to writer: inout Writer) {
        let parts = self.sorted(transaction.grown.map { Part(client: $0.client, clock: $0.before) })
        writer.varUint(parts.count)
        for part in parts {
            writer.varUint(self.count(of: part))
            self.write(part, to: &writer)
        }
    }

    /// The structs of a client from a clock on.
    private struct Part {
        let client: Slot
        let clock: Int
    }

    private func parts(from vector: YStateVector) -> [Part] {
        var parts: [Part] = []
        for (index, client) in self.clients.enumerated() where client.state > vector[client.id] {
            parts.append(Part(client: Slot(truncatingIfNeeded: index), clock: vector[client.id]))
        }
        return self.sorted(parts)
    }

    private func sorted(_ parts: [Part]) -> [Part] {
        parts.count < 2
            ? parts : parts.sorted { self.clients[$0.client.index].id > self.clients[$1.client.index].id }
    }

    private func count(of part: Part) -> Int {
        self.clients[part.client.index].entries.count(from: self.place(part.client, part.clock))
    }

    private func write<Writer: UpdateWriter>(_ part: Part, to writer: inout Writer) {
        let entries = self.clients[part.client.index].entries
        writer.client(self.clients[part.client.index].id)
        writer.varUint(part.clock)
        var next: StructList.Place? = self.place(part.client, part.clock)
        while let place = next {
            let entry = entries[place]
            next = entries.place(after: place)
            self.write(entry.slot, dropping: max(part.clock - self.clock(entry), 0), to: &writer)
        }
    }

    /// The structs that are not covered by a state vector and those that wait, with holes before and between them.
    func write<Writer: UpdateWriter>(
        structsFrom vector: YStateVector, and waiting: StructBatch, to writer: inout Writer
    ) {
        let waiting = self.beyond(vector, waiting)
        let parts = self.parts(from: vector)
        let groups = waiting.groups
        let ids = Set(parts.map { self.clients[$0.client.index].id }).union(groups.keys).sorted(by: >)
        let partOfClient = Dictionary(uniqueKeysWithValues: parts.map { (self.clients[$0.client.index].id, $0) })
        writer.varUint(ids.count)
        for id in ids {
            let structs = waiting.structs[groups[id] ?? 0..<0]
            guard let part = partOfClient[id] else {
                writer.varUint(structs.count)
                writer.client(id)
                writer.varUint(structs.first?.clock ?? 0)
                for item in structs { writer.write(item, of: waiting) }
                continue
            }
            let gap = structs.first.map { $0.clock - self.clients[part.client.index].state } ?? 0
            writer.varUint(self.count(of: part) + structs.count + (gap > 0 ? 1 : 0))
            self.write(part, to: &writer)
            if gap > 0 { writer.skip(gap) }
            for item in structs { writer.write(item, of: waiting) }
        }
    }

    /// What waits and lies behind what is known here and there, each unit once.
    private func beyond(_ vector: YStateVector, _ waiting: StructBatch) -> StructBatch {
        var floor = vector
        for item in waiting.structs { floor[item.client] = max(floor[item.client], self.state(item.client)) }
        var update = DecodedUpdate()
        update.batch = waiting
        // Fails only for more text than fits into a document.
        guard let regular = try? update.regular() else { return StructBatch() }
        return regular.diff(from: floor).batch
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
