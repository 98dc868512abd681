// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

extension YDocument {
    /// Tells the observers of each changed type, then those of the types above.
    func notifyTypes(of transaction: Transaction) {
        guard !self.observers.types.isEmpty || !self.observers.deep.isEmpty else { return }
        let view = self.view(of: transaction)
        var deep: [Slot: [YEvent]] = [:]
        for (branch, keys) in transaction.changes.branches.sorted(by: { $0.key < $1.key }) {
            guard self.isAlive(branch) else { continue }
            let event = YEvent(document: self, branch: branch, keySlots: keys, transaction: transaction)
            for (_, body) in self.observers.types[branch] ?? [] { body(event, view) }
            guard !self.observers.deep.isEmpty else { continue }
            self.forEachAncestor(of: branch) { deep[$0, default: []].append(event) }
        }
        for (branch, events) in deep.sorted(by: { $0.key < $1.key }) {
            guard let observers = self.observers.deep[branch], self.isAlive(branch) else { continue }
            let sorted = events.filter { self.isAlive($0.branch) }
                .sorted { $0.path.count < $1.path.count }
            for (_, body) in observers where !sorted.isEmpty { body(sorted, view) }
        }
    }

    private func isAlive(_ branch: Slot) -> Bool {
        let branch = self.store.branches[branch.index]
        return branch.root >= 0 || (branch.item >= 0 && !self.store.items[branch.item.index].isDeleted)
    }

    private func forEachAncestor(of branch: Slot, _ body: (Slot) -> Void) {
        var branch = branch
        while true {
            body(branch)
            let item = self.store.branches[branch.index].item
            guard item >= 0 else { return }
            branch = self.store.items[item.index].parent
        }
    }
}
