// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

extension Store {
    /// Takes a decoded update in; what it lacks waits in `pending` and is tried again when that arrives.
    ///
    /// One that passes a limit throws, and nothing has changed.
    mutating func apply(
        _ update: consuming DecodedUpdate, size: Int, limits: YLimits, pending: inout Pending
    ) throws(YError) {
        // An update of which a client has several parts is not in order.
        if !update.batch.isSorted { update.batch.sort() }
        let plan = IntegrationPlan(update.batch, for: self)
        try self.check(plan, update, size: size, limits, pending)
        let before = self.mayBeLong(plan, limits) ? self : nil
        self.conflicts = ConflictBudget(limit: before == nil ? .max : limits.conflictSteps)
        self.carryOut(plan, &update.batch)
        if let before, self.conflicts.isSpent {
            self = before
            throw .limitExceeded
        }
        // What comes after this cannot be gone back on.
        self.conflicts = ConflictBudget()
        var grown = plan.grown
        self.wait(plan.rest, of: update.batch, limits, &grown, &pending)
        let missing = self.apply(update.deletions)
        if !pending.deletions.isEmpty {
            for client in grown { self.applyWaitingDeletions(of: client, &pending) }
        }
        pending.deletions.formUnion(missing)
    }

    private func check(
        _ plan: IntegrationPlan, _ update: DecodedUpdate, size: Int, _ limits: YLimits, _ pending: Pending
    ) throws(YError) {
        guard update.batch.units.count <= self.units.room, size <= self.values.room,
            self.clients.count + plan.newClients + pending.clientCount <= limits.clients
        else { throw .limitExceeded }
        if !plan.rest.isEmpty {
            var total = pending.size
            for index in plan.rest where !pending.contains(update.batch.structs[index]) {
                total += WaitingStruct(update.batch.structs[index], of: update.batch).size
            }
            guard total <= limits.pendingBytes else { throw .limitExceeded }
        }
        let missing = self.part(of: update.deletions, beyond: plan)
        if !missing.isEmpty, pending.deletions.count + missing.rangeCount > limits.pendingDeletions {
            guard pending.deletions.count(with: missing) <= limits.pendingDeletions else { throw .limitExceeded }
        }
    }

    /// Whether the search for places could need more steps than allowed; then a copy must be kept to go back to.
    private func mayBeLong(_ plan: IntegrationPlan, _ limits: YLimits) -> Bool {
        let new = plan.order.count
        let (steps, isBeyond) = new.multipliedReportingOverflow(by: self.items.count + new)
        return isBeyond || steps > limits.conflictSteps
    }

    private mutating func carryOut(_ plan: IntegrationPlan, _ batch: inout StructBatch) {
        self.units.reserve(batch.units.count)
        if plan.order.count > self.items.count { self.items.reserveCapacity(self.items.count + plan.order.count) }
        for index in plan.order where !self.conflicts.isSpent {
            let item = batch.structs[index]
            self.integrate(item, of: &batch)
        }
    }

    /// Lets what is left over wait, and integrates what waited for clients that have grown, and what waited for that.
    private mutating func wait(
        _ rest: [Int], of batch: StructBatch, _ limits: YLimits, _ grown: inout [Int], _ pending: inout Pending
    ) {
        for index in rest { pending.insert(WaitingStruct(batch.structs[index], of: batch)) }
        guard pending.hasStructs else { return }
        for index in rest {
            let client = batch.structs[index].client
            if self.advance(client, limits, &pending) { grown.append(client) }
        }
        var next = 0
        while next < grown.count {
            let client = grown[next]
            next += 1
            while let waiter = pending.popWaiter(for: client, below: self.state(client)) {
                if self.advance(waiter, limits, &pending) { grown.append(waiter) }
            }
        }
    }

    /// Integrates what waits of a client as far as it goes; whether the client has grown.
    ///
    /// When that has taken too many steps the rest is let go: it comes again, because the state vector lacks it.
    private mutating func advance(_ client: Int, _ limits: YLimits, _ pending: inout Pending) -> Bool {
        var hasGrown = false
        while let first = pending.first(of: client) {
            let state = self.state(client)
            if first.end > state {
                if let need = self.need(of: first.decoded, state) {
                    pending.wait(client, for: need)
                    return hasGrown
                }
                guard self.conflicts.steps <= limits.conflictSteps else {
                    pending.removeAll(of: client)
                    return hasGrown
                }
                var batch = StructBatch()
                first.append(to: &batch)
                self.integrate(batch.structs[0], of: &batch)
                hasGrown = true
            }
            pending.removeFirst(of: client)
        }
        return hasGrown
    }

    /// The unit that a struct waits for.
    private func need(of item: DecodedStruct, _ state: Int) -> YID? {
        guard item.clock <= state else { return YID(client: item.client, clock: item.clock - 1) }
        for number in 0..<3 {
            if let id = item.reference(number), id.clock >= self.state(id.client) { return id }
        }
        return nil
    }

    private mutating func applyWaitingDeletions(of id: Int, _ pending: inout Pending) {
        guard let client = self.existingClient(id) else { return }
        for range in pending.deletions.take(of: id, below: self.state(id)) { self.delete(range, of: client) }
    }
}
