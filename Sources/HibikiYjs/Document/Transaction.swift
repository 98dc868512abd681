// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Who or what made a change, for observers to tell their own changes from others'.
public typealias YOrigin = AnyHashable

/// A transaction that is over in the document and on its way to the observers.
struct Transaction {
    let origin: YOrigin?
    let isLocal: Bool
    var changes = Changes()
    var deletions = DeleteSet()
    /// Clients with new units: their clocks before and after.
    var grown: [(client: Slot, before: Int, after: Int)] = []
}

/// What a transaction did, as it is told to observers.
public struct YTransaction {
    /// What the caller of ``YDocument/transact(origin:_:)`` or ``YDocument/apply(_:format:origin:)`` gave.
    public let origin: YOrigin?
    /// False for updates of others.
    public let isLocal: Bool
    /// The units that it deleted.
    public let deletions: DeleteSet
    /// The units that it added.
    public let insertions: DeleteSet
}

extension YDocument {
    /// Makes several edits one: one update, one event for each type. Inside another transaction it is part of that.
    ///
    /// What `body` did before it threw stays done.
    @discardableResult
    public func transact<Result, Failure: Error>(
        origin: YOrigin? = nil, _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try self.begin(origin: origin, isLocal: true, body)
    }

    func begin<Result, Failure: Error>(
        origin: YOrigin?, isLocal: Bool, _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        guard self.current == nil else { return try body() }
        self.current = Transaction(origin: origin, isLocal: isLocal)
        self.store.transaction += 1
        defer { self.end() }
        return try body()
    }

    private func end() {
        guard var transaction = self.current else { return }
        self.current = nil
        transaction.changes = self.store.changes
        self.store.changes = Changes()
        guard !transaction.changes.isEmpty || !transaction.changes.branches.isEmpty else { return }
        transaction.changes.documentsAdded.removeAll { self.store.documents[$0.index].slot < 0 }
        for client in transaction.changes.touched {
            let structs = self.store.clients[client.index]
            transaction.grown.append((client, structs.stateBefore, structs.state))
        }
        for run in transaction.changes.deleted {
            transaction.deletions.insert(run.range, client: self.store.clients[run.client.index].id)
        }
        transaction.deletions.normalize()
        self.queue.append(transaction)
        // Observers may edit: their transactions settle after this one.
        guard !self.isSettling else { return }
        self.isSettling = true
        var next = 0
        while next < self.queue.count {
            self.settle(self.queue[next])
            next += 1
        }
        self.queue.removeAll()
        self.isSettling = false
    }

    private func settle(_ transaction: Transaction) {
        self.notifyTypes(of: transaction)
        self.notifyTransaction(transaction)
        if self.cleansFormatting, !transaction.isLocal { self.cleanFormatting(after: transaction) }
        if self.store.collectsGarbage { self.store.collect(transaction.deletions) }
        self.store.mergeNeighbours(of: transaction)
        self.notifyUpdate(of: transaction)
        self.store.compact()
        self.notifyDocuments(of: transaction)
    }
}
