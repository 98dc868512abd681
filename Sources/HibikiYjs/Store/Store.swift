// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The structs of a document and the types that they form, in arrays; a value, so that a copy is a snapshot.
struct Store {
    var items: [Item] = []
    private var freeItems: [Slot] = []
    var clients: [ClientStructs] = []
    private var clientSlots: [Int: Slot] = [:]
    private var lastClient: (id: Int, slot: Slot) = (-1, .none)
    /// The text of all items, and the values.
    var units = RunPool<UInt16>(filler: 0)
    var values = RunPool<YValue>(filler: .undefined)
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
    var conflicts = ConflictBudget()
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
    func place(_ client: Slot, _ clock: Int) -> StructList.Place {
        let entries = self.clients[client.index].entries
        // New structs refer mostly to the newest.
        if let place = entries.lastPlace, self.clock(entries[place]) <= clock { return place }
        if self.clients[client.index].state <= Int(UInt32.max) {
            let low = UInt32(truncatingIfNeeded: clock)
            return entries.lastPlace { $0.low <= low }
        }
        return entries.lastPlace { self.clock($0) <= clock }
    }

    @inline(__always)
    func clock(_ entry: StructList.Entry) -> Int { self.items[entry.slot.index].clock }

    /// Visits the items of some units, the first and the last of which may reach beyond them.
    @inline(__always)
    mutating func forEachItem(
        of client: Slot, in range: Range<Int>, _ body: (Slot, inout Store) -> Void
    ) {
        var next: StructList.Place? = self.place(client, range.lowerBound)
        while let place = next {
            let entry = self.clients[client.index].entries[place]
            guard self.clock(entry) < range.upperBound else { return }
            body(entry.slot, &self)
            next = self.clients[client.index].entries.place(after: place)
        }
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
        self.clients[client].entries.append(StructList.Entry(clock: item.clock, slot: slot))
        self.clients[client].state = item.end
    }

    // MARK: Content

    func text(_ item: Item) -> ArraySlice<UInt16> { self.units.slice(item) }

    func values(_ item: Item) -> ArraySlice<YValue> { self.values.slice(item) }

    func format(_ item: Item) -> (key: String, value: YValue) {
        if case .format(let key, let value) = self.contents[item.payload.index] { return (key, value) }
        return ("", .null)
    }
}
