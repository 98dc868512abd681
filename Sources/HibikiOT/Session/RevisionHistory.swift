// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The last operations of a log, as many as its limits allow. In columns: rebasing reads the operations alone.
struct RevisionHistory<Operation: OTOperation>: Sendable {
    private(set) var operations: [Operation] = []
    private(set) var ids: [OperationID] = []
    /// The lengths of the documents that the operations were applied to.
    private(set) var lengths: [Int] = []
    private var weights: [Int] = []
    /// How many of the first are no longer held; they are let go when they are half.
    private var dropped = 0
    private var weight = 0
    private var newest: Int
    private let limits: RevisionLimits

    /// What led to a snapshot.
    init(
        _ operations: some BidirectionalCollection<LoggedOperation<Operation>>,
        before snapshot: RevisionLog<Operation>.Snapshot, limits: RevisionLimits
    ) throws(OTError) {
        self.limits = limits
        self.newest = snapshot.revision
        var length = snapshot.document.length
        var lengths: [Int] = []
        for logged in operations.reversed() {
            let revision = snapshot.revision - lengths.count
            guard logged.revision == revision, revision > 0 else {
                throw .outOfOrder(logged.revision, expected: revision)
            }
            length -= logged.operation.lengthChange
            guard length >= 0, length <= Length.most, logged.operation.fits(length) else {
                throw .wrongLength(length, revision: revision - 1)
            }
            lengths.append(length)
        }
        self.newest -= lengths.count
        for (logged, length) in zip(operations, lengths.reversed()) { self.append(logged, lengthBefore: length) }
    }

    var count: Int { self.operations.count - self.dropped }
    private var oldest: Int { self.newest - self.count }

    /// The rows of what was taken after a revision. One that is not held counts as the oldest.
    func rows(since revision: Int) -> Range<Int> {
        let end = self.operations.count
        return (end - (self.newest - min(max(revision, self.oldest), self.newest)))..<end
    }

    func logged(_ row: Int) -> LoggedOperation<Operation> {
        let revision = self.newest - (self.operations.count - 1 - row)
        return LoggedOperation(self.operations[row], revision: revision, id: self.ids[row])
    }

    mutating func append(_ logged: LoggedOperation<Operation>, lengthBefore: Int) {
        let weight = logged.operation.weight + 2 * logged.id.client.utf8.count
        self.operations.append(logged.operation)
        self.ids.append(logged.id)
        self.lengths.append(lengthBefore)
        self.weights.append(weight)
        self.weight += weight
        self.newest += 1
        while self.count > 0, self.count > self.limits.operations || self.weight > self.limits.weight {
            self.weight -= self.weights[self.dropped]
            self.dropped += 1
        }
        if self.dropped * 2 > self.operations.count { self.letGo() }
    }

    private mutating func letGo() {
        self.operations.removeFirst(self.dropped)
        self.ids.removeFirst(self.dropped)
        self.lengths.removeFirst(self.dropped)
        self.weights.removeFirst(self.dropped)
        self.dropped = 0
    }
}
