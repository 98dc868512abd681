// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The order in which the structs of an update find their places: clients from the highest down, each struct after
/// what it refers to, and what refers to something unknown left over.
struct Integration {
    private struct Run {
        let client: Int
        var next: Int
        var end: Int
        var isOpen = true
    }

    private var batch: StructBatch
    private var runs: [Run] = []
    private var waiting: [(run: Int, index: Int)] = []
    private var rest: [DecodedStruct] = []
    private var missing: [Int: Int] = [:]

    /// `batch` is one update or several.
    init(_ batch: consuming StructBatch) {
        self.batch = batch
        // Several updates at once are not in order, nor is one whose writer did not keep it.
        if !self.batch.isSorted { self.batch.sort() }
        self.makeRuns()
    }

    private mutating func makeRuns() {
        for (index, item) in self.batch.structs.enumerated() {
            if let last = self.runs.last, last.client == item.client {
                self.runs[self.runs.count - 1].end = index + 1
            } else {
                self.runs.append(Run(client: item.client, next: index, end: index + 1))
            }
        }
    }

    /// Integrates what can be, and gives back the rest with what it waits for.
    mutating func run(in store: inout Store) -> (rest: [DecodedStruct], batch: StructBatch, missing: [Int: Int]) {
        for run in self.runs.indices {
            while self.runs[run].isOpen, self.runs[run].next < self.runs[run].end {
                let index = self.runs[run].next
                self.runs[run].next += 1
                self.integrate(run, index, in: &store)
            }
        }
        return (self.rest, self.batch, self.missing)
    }

    private mutating func integrate(_ run: Int, _ index: Int, in store: inout Store) {
        var head = (run: run, index: index)
        while true {
            let item = self.batch.structs[head.index]
            let state = item.kind == .skip ? item.clock : store.state(item.client)
            if item.kind == .skip || item.end <= state {
                // A hole, or known already.
            } else if item.clock > state {
                self.wait(for: item.client, item.clock - 1)
                self.giveUp(head)
            } else if let need = store.missing(item) {
                if let other = self.supplier(of: need.client) {
                    self.waiting.append(head)
                    head = (other, self.runs[other].next)
                    self.runs[other].next += 1
                    continue
                }
                self.wait(for: need.client, need.clock)
                self.giveUp(head)
            } else {
                store.integrate(item, of: &self.batch)
            }
            guard let next = self.waiting.popLast() else { return }
            head = next
        }
    }

    private mutating func wait(for client: Int, _ clock: Int) {
        self.missing[client] = min(self.missing[client] ?? clock, clock)
    }

    /// The run of a client that still has structs; found by halving, for runs stand in descending order.
    private func supplier(of client: Int) -> Int? {
        var low = 0
        var high = self.runs.count
        while low < high {
            let middle = (low + high) / 2
            if self.runs[middle].client > client { low = middle + 1 } else { high = middle }
        }
        guard low < self.runs.count, self.runs[low].client == client, self.runs[low].isOpen,
            self.runs[low].next < self.runs[low].end
        else { return nil }
        return low
    }

    /// Leaves over everything from here on of each client that is waiting in line.
    private mutating func giveUp(_ head: (run: Int, index: Int)) {
        self.waiting.append(head)
        var first: [Int: Int] = [:]
        for entry in self.waiting { first[entry.run] = min(first[entry.run] ?? entry.index, entry.index) }
        self.waiting.removeAll(keepingCapacity: true)
        for (run, index) in first.sorted(by: { $0.key < $1.key }) {
            self.rest += self.batch.structs[index..<self.runs[run].end].filter { $0.kind != .skip }
            self.runs[run].isOpen = false
        }
    }
}
