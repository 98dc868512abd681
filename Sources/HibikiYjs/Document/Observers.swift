// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Ends an observation when it is cancelled. Letting go of it changes nothing.
public struct YObservation: Hashable, Sendable {
    let number: Int
}

/// Who wants to know what, in the order of asking.
struct Observers {
    var updates: [(Int, YUpdateFormat, ([UInt8], YTransaction) -> Void)] = []
    var transactions: [(Int, (YTransaction) -> Void)] = []
    var settling: [(Int, (Transaction) -> Void)] = []
    var types: [Slot: [(Int, (YEvent, YTransaction) -> Void)]] = [:]
    var deep: [Slot: [(Int, ([YEvent], YTransaction) -> Void)]] = [:]
    var documents: [(Int, (YSubdocumentsEvent, YTransaction) -> Void)] = []
    private var last = 0

    mutating func next() -> Int {
        self.last += 1
        return self.last
    }

    mutating func remove(_ number: Int) {
        self.updates.removeAll { $0.0 == number }
        self.transactions.removeAll { $0.0 == number }
        self.settling.removeAll { $0.0 == number }
        self.documents.removeAll { $0.0 == number }
        for branch in self.types.keys { self.types[branch]?.removeAll { $0.0 == number } }
        for branch in self.deep.keys { self.deep[branch]?.removeAll { $0.0 == number } }
    }
}

/// Documents that became part of this one, or ceased to be.
public struct YSubdocumentsEvent: Sendable {
    public let added: [YSubdocument]
    public let removed: [YSubdocument]
}

extension YDocument {
    /// Calls back with the bytes of every change, own and others', once it is complete.
    @discardableResult
    public func observeUpdates(
        format: YUpdateFormat = .v1, _ body: @escaping ([UInt8], YTransaction) -> Void
    ) -> YObservation {
        let number = self.observers.next()
        self.observers.updates.append((number, format, body))
        return YObservation(number: number)
    }

    /// Calls back after the observers of types and before deleted content is freed.
    @discardableResult
    public func observeTransactions(_ body: @escaping (YTransaction) -> Void) -> YObservation {
        let number = self.observers.next()
        self.observers.transactions.append((number, body))
        return YObservation(number: number)
    }

    @discardableResult
    public func observeSubdocuments(
        _ body: @escaping (YSubdocumentsEvent, YTransaction) -> Void
    ) -> YObservation {
        let number = self.observers.next()
        self.observers.documents.append((number, body))
        return YObservation(number: number)
    }

    /// Ends an observation; a second call does nothing.
    public func cancel(_ observation: YObservation) { self.observers.remove(observation.number) }

    func view(of transaction: Transaction) -> YTransaction {
        var insertions = DeleteSet()
        for (client, before, after) in transaction.grown {
            insertions.insert(before..<after, client: self.store.clients[client.index].id)
        }
        return YTransaction(
            origin: transaction.origin, isLocal: transaction.isLocal, deletions: transaction.deletions,
            insertions: insertions)
    }

    func notifyTransaction(_ transaction: Transaction) {
        for (_, body) in self.observers.settling { body(transaction) }
        guard !self.observers.transactions.isEmpty else { return }
        let view = self.view(of: transaction)
        for (_, body) in self.observers.transactions { body(view) }
    }

    func notifyUpdate(of transaction: Transaction) {
        guard !self.observers.updates.isEmpty, !transaction.changes.isEmpty else { return }
        let view = self.view(of: transaction)
        var encoded: [YUpdateFormat: [UInt8]] = [:]
        for (_, format, body) in self.observers.updates {
            let bytes = encoded[format] ?? self.update(of: transaction, format: format)
            encoded[format] = bytes
            body(bytes, view)
        }
    }

    private func update(of transaction: Transaction, format: YUpdateFormat) -> [UInt8] {
        switch format {
        case .v1: self.update(of: transaction, with: UpdateWriterV1())
        case .v2: self.update(of: transaction, with: UpdateWriterV2())
        }
    }

    private func update<Writer: UpdateWriter>(of transaction: Transaction, with writer: consuming Writer) -> [UInt8] {
        self.store.write(structsOf: transaction, to: &writer)
        transaction.deletions.write(to: &writer)
        return writer.finish()
    }

    func notifyDocuments(of transaction: Transaction) {
        let changes = transaction.changes
        guard !self.observers.documents.isEmpty, !changes.documentsAdded.isEmpty || !changes.documentsRemoved.isEmpty
        else { return }
        let event = YSubdocumentsEvent(
            added: changes.documentsAdded.map(self.subdocument), removed: changes.documentsRemoved.map(self.subdocument)
        )
        let view = self.view(of: transaction)
        for (_, body) in self.observers.documents { body(event, view) }
    }

    func subdocument(_ slot: Slot) -> YSubdocument {
        let record = self.store.documents[slot.index]
        return YSubdocument(guid: record.guid, options: record.options)
    }
}
