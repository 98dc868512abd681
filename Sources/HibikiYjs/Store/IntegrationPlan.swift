// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The order in which the structs of an update find their places: clients from the highest down, each struct after
/// what it refers to, and what refers to something unknown left over.
///
/// Made before anything changes: who waits depends on clocks alone, so an update that leaves too much over is refused.
struct IntegrationPlan {
    private struct Run {
        let client: Int
        var next: Int
        var end: Int
        /// The client's clock in the store, and once what is planned is done.
        let known: Int
        var state: Int
        var isOpen = true
    }

    /// The structs that find their places, and those that are left over, as indices into the batch.
    private(set) var order: [Int] = []
    private(set) var rest: [Int] = []
    /// Clients that the store does not know.
    private(set) var newClients = 0
    private var runs: [Run] = []
    private var waiting: [(run: Int, index: Int)] = []

    /// `batch` must be sorted.
    init(_ batch: borrowing StructBatch, for store: borrowing Store) {
        self.order.reserveCapacity(batch.structs.count)
        self.makeRuns(batch, store)
        for run in self.runs.indices {
            while self.runs[run].isOpen, self.runs[run].next < self.runs[run].end {
                let index = self.runs[run].next
                self.runs[run].next += 1
                self.plan((run, index), batch, store)
            }
        }
    }

    /// The clients that grow.
    var grown: [Int] { self.runs.filter { $0.state > $0.known }.map(\.client) }

    /// The clock of a client once what is planned is done.
    func state(_ client: Int, in store: Store) -> Int {
        self.run(of: client).map { self.runs[$0].state } ?? store.state(client)
    }

    private mutating func makeRuns(_ batch: StructBatch, _ store: Store) {
        for (index, item) in batch.structs.enumerated() {
            if let last = self.runs.last, last.client == item.client {
                self.runs[self.runs.count - 1].end = index + 1
                continue
            }
            let slot = store.existingClient(item.client)
            if slot == nil { self.newClients += 1 }
            let state = slot.map { store.clients[$0.index].state } ?? 0
            self.runs.append(Run(client: item.client, next: index, end: index + 1, known: state, state: state))
        }
    }

    private mutating func plan(_ first: (run: Int, index: Int), _ batch: StructBatch, _ store: Store) {
        var head = first
        while true {
            let item = batch.structs[head.index]
            let state = self.runs[head.run].state
            if item.kind == .skip || item.end <= state {
                // A hole, or known already.
            } else if item.clock > state {
                self.giveUp(head, batch)
            } else if let client = self.missingClient(item, store) {
                if let other = self.run(of: client), self.runs[other].isOpen,
                    self.runs[other].next < self.runs[other].end
                {
                    self.waiting.append(head)
                    head = (other, self.runs[other].next)
                    self.runs[other].next += 1
                    continue
                }
                self.giveUp(head, batch)
            } else {
                self.order.append(head.index)
                self.runs[head.run].state = item.end
            }
            guard let next = self.waiting.popLast() else { return }
            head = next
        }
    }

    /// The client whose units the struct lacks, nil if all that it refers to is known.
    private func missingClient(_ item: DecodedStruct, _ store: Store) -> Int? {
        for number in 0..<3 {
            guard let id = item.reference(number), id.clock >= self.state(id.client, in: store) else { continue }
            return id.client
        }
        return nil
    }

    /// The run of a client; found by halving, for runs stand in descending order.
    private func run(of client: Int) -> Int? {
        var low = 0
        var high = self.runs.count
        while low < high {
            let middle = (low + high) / 2
            if self.runs[middle].client > client { low = middle + 1 } else { high = middle }
        }
        return low < self.runs.count && self.runs[low].client == client ? low : nil
    }

    /// Leaves over everything from here on of each client that is waiting in line.
    private mutating func giveUp(_ head: (run: Int, index: Int), _ batch: StructBatch) {
        self.waiting.append(head)
        var first: [Int: Int] = [:]
        for entry in self.waiting { first[entry.run] = min(first[entry.run] ?? entry.index, entry.index) }
        self.waiting.removeAll(keepingCapacity: true)
        for (run, index) in first {
            self.rest += (index..<self.runs[run].end).filter { batch.structs[$0].kind != .skip }
            self.runs[run].isOpen = false
        }
    }
}

extension DecodedStruct {
    /// What the struct refers to besides its own client, whose units are known if those before it are: the unit to the
    /// left, the one to the right and the one that holds it, by number.
    @inline(__always)
    func reference(_ number: Int) -> YID? {
        let (client, clock) =
            switch number {
            case 0: (self.originClient, self.originClock)
            case 1: (self.rightClient, self.rightClock)
            default: (self.parentClient, self.parentClock)
            }
        return client < 0 || client == self.client ? nil : YID(client: client, clock: clock)
    }
}
