// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

extension YDocument {
    /// Tells the observers of each changed type, then those of the types above.
    func notifyTypes(of transaction: Transaction) {
        guard !self.observers.types.isEmpty || !self.observers.deep.isEmpty else { return }
        let view = self.view(of: transaction)
        let before = Dictionary(transaction.grown.map { ($0.client, $0.before) }) { first, _ in first }
        var ways = Ways(observed: Set(self.observers.deep.keys))
        var deep: [Slot: [(depth: Int, event: YEvent)]] = [:]
        for (branch, keys) in transaction.changes.branches.sorted(by: { $0.key < $1.key }) {
            guard self.isAlive(branch) else { continue }
            let event = YEvent(
                document: self, branch: branch, keySlots: keys, transaction: transaction, before: before)
            for (_, body) in self.observers.types[branch] ?? [] { body(event, view) }
            guard !self.observers.deep.isEmpty else { continue }
            let way = ways.way(to: branch, in: self.store)
            for top in way.observed { deep[top, default: []].append((way.depth, event)) }
        }
        for (branch, events) in deep.sorted(by: { $0.key < $1.key }) {
            guard let observers = self.observers.deep[branch], self.isAlive(branch) else { continue }
            let sorted = events.filter { self.isAlive($0.event.branch) }.sorted { $0.depth < $1.depth }.map(\.event)
            for (_, body) in observers where !sorted.isEmpty { body(sorted, view) }
        }
    }

    private func isAlive(_ branch: Slot) -> Bool {
        let branch = self.store.branches[branch.index]
        return branch.root >= 0 || (branch.item >= 0 && !self.store.items[branch.item.index].isDeleted)
    }
}

/// Which observed types a type lies in, itself included, and how deep. Each type on the way is looked at once, for
/// types nest as deep as the network likes.
private struct Ways {
    struct Way {
        var observed: [Slot] = []
        var depth = 0
    }

    let observed: Set<Slot>
    private var known: [Slot: Way] = [:]

    init(observed: Set<Slot>) { self.observed = observed }

    mutating func way(to branch: Slot, in store: Store) -> Way {
        var chain: [Slot] = []
        var next = branch
        while next >= 0, self.known[next] == nil {
            chain.append(next)
            let item = store.branches[next.index].item
            next = item >= 0 ? store.items[item.index].parent : .none
        }
        var way = next >= 0 ? self.known[next] ?? Way() : Way()
        for slot in chain.reversed() {
            way.depth += 1
            if self.observed.contains(slot) { way.observed.append(slot) }
            self.known[slot] = way
        }
        return way
    }
}
