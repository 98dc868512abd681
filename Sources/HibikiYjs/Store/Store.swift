// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The structs of a document and the types that they form, in arrays; a value, so that a copy is a snapshot.
struct Store {
    var items: [Item] = []
    private var freeItems: [Slot] = []
    var clients: [ClientStructs] = []
    private var clientSlots: [Int: Slot] = [:]
    private var lastClient: (id: Int, slot: Slot) = (-1, .none)
    /// The text of all items; what nobody refers to any more is squeezed out from time to time.
    var units: [UInt16] = []
    var unusedUnits = 0
    var contents: [Content] = []
    private var freeContents: [Slot] = []
    var branches: [Branch] = []
    var roots: [ExactString: Slot] = [:]
    private(set) var names: [String] = []
    private var nameSlots: [ExactString: Slot] = [:]
    var documents: [SubdocumentRecord] = []
    /// What the transaction in progress has done, and its number.
    var changes = Changes()
    var transaction = 0
    /// Units that took the place of others when a deletion was undone.
    var redone: [Slot: (client: Slot, clock: Int)] = [:]
    var mark: UInt32 = 0
    var collectsGarbage = true

    // MARK: Clients and names

    mutating func client(_ id: Int) -> Slot {
        if self.lastClient.id == id { return self.lastClient.slot }
        if let slot = self.clientSlots[id] {
            self.lastClient = (id, slot)
            return slot
        }
        let slot = Slot(truncatingIfNeeded: self.clients.count)
        self.clients.append(ClientStructs(id: id))
        self.clientSlots[id] = slot
        self.lastClient = (id, slot)
        return slot
    }

    func existingClient(_ id: Int) -> Slot? {
        if self.lastClient.id == id { return self.lastClient.slot }
        return self.clientSlots[id]
    }

    func state(_ id: Int) -> Int {
        self.existingClient(id).map { self.clients[$0.index].state } ?? 0
    }

    mutating func name(_ string: String) -> Slot {
        if let slot = self.nameSlots[ExactString(string)] { return slot }
        let slot = Slot(truncatingIfNeeded: self.names.count)
        self.names.append(string)
        self.nameSlots[ExactString(string)] = slot
        return slot
    }

    func existingName(_ string: String) -> Slot? { self.nameSlots[ExactString(string)] }

    // MARK: Places

    mutating func add(_ item: Item) -> Slot {
        if let slot = self.freeItems.popLast() {
            self.items[slot.index] = item
            return slot
        }
        self.items.append(item)
        return Slot(truncatingIfNeeded: self.items.count - 1)
    }

    mutating func remove(_ slot: Slot) { self.freeItems.append(slot) }

    mutating func add(_ content: Content) -> Slot {
        if let slot = self.freeContents.popLast() {
            self.contents[slot.index] = content
            return slot
        }
        self.contents.append(content)
        return Slot(truncatingIfNeeded: self.contents.count - 1)
    }

    mutating func removeContent(_ slot: Slot) {
        guard self.contents.indices.contains(slot.index) else { return }
        self.contents[slot.index] = .bytes([])
        self.freeContents.append(slot)
    }

    mutating func add(_ branch: Branch) -> Slot {
        self.branches.append(branch)
        return Slot(truncatingIfNeeded: self.branches.count - 1)
    }

    /// The root with a name; it exists from the first time that it is asked for.
    mutating func root(_ name: String) -> Slot {
        if let slot = self.roots[ExactString(name)] { return slot }
        var branch = Branch()
        branch.root = self.name(name)
        let slot = self.add(branch)
        self.roots[ExactString(name)] = slot
        return slot
    }

    // MARK: Units by clock

    /// The place in a client's structs of the one that holds a unit; the clock must be below the client's state.
    @inline(__always)
    func place(_ client: Slot, _ clock: Int) -> Int {
        let entries = self.clients[client.index].entries
        var low = 0
        var high = entries.count - 1
        // New structs refer mostly to the newest.
        if high >= 0, entries[high].clock <= clock { return high }
        while low < high {
            let middle = (low + high + 1) >> 1
            if entries[middle].clock <= clock { low = middle } else { high = middle - 1 }
        }
        return low
    }

    /// The item that holds a unit, nil if it is not known.
    func slot(_ client: Slot, _ clock: Int) -> Slot? {
        guard client >= 0, clock >= 0, clock < self.clients[client.index].state else { return nil }
        return self.clients[client.index].entries[self.place(client, clock)].slot
    }

    func slot(_ id: YID) -> Slot? {
        self.existingClient(id.client).flatMap { self.slot($0, id.clock) }
    }

    func id(_ slot: Slot) -> YID {
        let item = self.items[slot.index]
        return YID(client: self.clients[item.client.index].id, clock: item.clock)
    }

    /// The state of a client before the transaction in progress.
    func stateBefore(_ client: Slot) -> Int {
        let structs = self.clients[client.index]
        return structs.transaction == self.transaction ? structs.stateBefore : structs.state
    }

    /// Adds a struct behind the others of its client.
    mutating func append(_ slot: Slot) {
        let item = self.items[slot.index]
        let client = item.client.index
        if self.clients[client].transaction != self.transaction {
            self.clients[client].transaction = self.transaction
            self.clients[client].stateBefore = self.clients[client].state
            self.changes.touched.append(item.client)
        }
        self.clients[client].entries.append(ClientStructs.Entry(clock: item.clock, slot: slot))
        self.clients[client].state = item.end
    }

    // MARK: Content

    func text(_ item: Item) -> ArraySlice<UInt16> {
        self.units[Int(item.payload)..<(Int(item.payload) + item.length)]
    }

    func values(_ item: Item) -> [YValue] {
        if case .values(let values) = self.contents[item.payload.index] { return values }
        return []
    }

    func format(_ item: Item) -> (key: String, value: YValue) {
        if case .format(let key, let value) = self.contents[item.payload.index] { return (key, value) }
        return ("", .null)
    }
}
