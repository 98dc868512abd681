// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

extension Store {
    /// Takes a decoded update in; what it lacks waits in `pending` and is tried again when that arrives.
    mutating func apply(_ update: DecodedUpdate, size: Int, limits: YLimits, pending: inout Pending) {
        self.integrate(update.batch, size: size, limits: limits, pending: &pending)
        while pending.missing.contains(where: { $0.value < self.state($0.key) }) {
            let size = pending.contentSize
            self.integrate(pending.takeStructs(), size: size, limits: limits, pending: &pending)
        }
        var missing = self.apply(update.deletions)
        if !pending.deletions.isEmpty {
            // Only clients that grew can have what the waiting deletions want.
            let ready = pending.deletions.remove { self.state($0) }
            if !ready.isEmpty { missing.formUnion(self.apply(ready)) }
        }
        guard !missing.isEmpty else { return }
        guard pending.deletions.rangeCount + missing.rangeCount <= limits.pendingDeletions else { return }
        pending.deletions.formUnion(missing)
        pending.deletions.normalize()
    }

    private mutating func integrate(
        _ batch: consuming StructBatch, size: Int, limits: YLimits, pending: inout Pending
    ) {
        guard !batch.structs.isEmpty else { return }
        // A full store takes no more text; 2^30 units are beyond what a document is for.
        guard batch.units.count <= self.units.room else { return }
        self.units.reserve(batch.units.count)
        self.items.reserveCapacityIfLarge(batch.structs.count)
        var integration = Integration(batch)
        let result = integration.run(in: &self)
        guard !result.rest.isEmpty else { return }
        pending.keep(
            result.rest, of: result.batch, missing: result.missing, updateSize: size, limit: limits.pendingBytes)
    }
}

extension DeleteSet {
    /// Takes out the clients of which something waiting is now known.
    fileprivate mutating func remove(_ state: (Int) -> Int) -> DeleteSet {
        var ready = DeleteSet()
        for (client, ranges) in self.clients {
            let clock = state(client)
            guard ranges.contains(where: { $0.lowerBound < clock }) else { continue }
            for range in ranges { ready.insert(range, client: client) }
            self.removeClient(client)
        }
        return ready
    }
}

extension Array {
    /// Makes room for many at once; few are left to the array's own doubling.
    fileprivate mutating func reserveCapacityIfLarge(_ count: Int) {
        if count > self.count { self.reserveCapacity(self.count + count) }
    }
}
