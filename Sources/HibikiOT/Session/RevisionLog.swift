// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The server's side of one document: the document, its revision, and the operations that led there of late.
///
/// A value, so that it is tested without a server. For each ``Submission`` either ``receive(_:)`` does everything at
/// once, or, where the store decides which of several nodes writes the next revision, ``rebase(_:)`` says what to write
/// and ``append(_:)`` takes it when it is written; if another node was faster, append what that one wrote and rebase
/// again. Nobody may hear of an operation before it is on disk: if it cannot be written after ``receive(_:)``, let the
/// log go and load it from the store.
///
/// ```swift
/// var log = try RevisionLog<TextOperation>()
/// switch try log.receive(submission) {
/// case .accepted(let logged): broadcast(logged)       // to the sender too, who knows its own by the id
/// case .repeated(let logged): send(logged, to: sender) // its answer was lost
/// }
/// ```
///
/// What a client did not hear for a while it asks of ``operations(since:)``. The history is bounded by
/// ``RevisionLimits``; beyond it the error says to load the document anew, which is ``snapshot``.
public struct RevisionLog<Operation: OTOperation>: Sendable {
    /// A document and its revision, to store or to send to who opens it.
    public struct Snapshot: Equatable, Sendable {
        public let document: Operation.Document
        public let revision: Int

        public init(_ document: Operation.Document = .init(), revision: Int = 0) {
            self.document = document
            self.revision = revision
        }
    }

    /// What became of a submission.
    public enum Receipt: Equatable, Sendable {
        /// It is, or with ``RevisionLog/rebase(_:)`` is to be, the next revision.
        case accepted(LoggedOperation<Operation>)
        /// It had been taken before, as this.
        case repeated(LoggedOperation<Operation>)

        public var operation: LoggedOperation<Operation> {
            switch self {
            case .accepted(let operation), .repeated(let operation): operation
            }
        }
    }

    public private(set) var document: Operation.Document
    public private(set) var revision: Int
    private var history: RevisionHistory<Operation>
    private let limits: RevisionLimits

    /// The log of a document without history.
    public init(_ snapshot: Snapshot = Snapshot(), limits: RevisionLimits = .standard) throws(OTError) {
        try self.init(snapshot, operations: [], limits: limits)
    }

    /// The log as it was stored: the latest snapshot, and operations in order.
    ///
    /// Those after the snapshot are applied to it, whatever it then weighs: they were taken once, and the same document
    /// may weigh a little more when it has been stored and loaded. Those before serve only to rebase what comes from older
    /// revisions.
    public init(
        _ snapshot: Snapshot, operations: [LoggedOperation<Operation>], limits: RevisionLimits = .standard
    ) throws(OTError) {
        guard snapshot.revision >= 0, snapshot.revision <= Length.most else {
            throw .invalidDocument("a revision of \(snapshot.revision)")
        }
        let earlier = operations.prefix { $0.revision <= snapshot.revision }
        self.document = snapshot.document
        self.revision = snapshot.revision
        self.limits = limits
        self.history = try RevisionHistory(earlier, before: snapshot, limits: limits)
        for operation in operations.dropFirst(earlier.count) { try self.append(operation, weightLimit: .max) }
    }

    public var snapshot: Snapshot { Snapshot(self.document, revision: self.revision) }

    /// The oldest revision that an operation may be made for.
    public var oldestRevision: Int { self.revision - self.history.count }

    /// Takes an operation, or knows it for one that it has taken. An error leaves everything as it was.
    ///
    /// An answer to the sender has to name the submission's id, an error too: what was sent twice may arrive so late that
    /// its revision is gone, and the sender, who has its answer long since, must not heed that.
    public mutating func receive(_ submission: Submission<Operation>) throws(OTError) -> Receipt {
        let receipt = try self.place(submission)
        if case .accepted(let operation) = receipt { try self.append(operation) }
        return receipt
    }

    /// What ``receive(_:)`` would make of a submission, and changes nothing. What is accepted, ``append(_:)`` takes.
    public func rebase(_ submission: Submission<Operation>) throws(OTError) -> Receipt {
        let receipt = try self.place(submission)
        if case .accepted(let operation) = receipt { try self.check(operation) }
        return receipt
    }

    /// The operation that a submission is in the log, whether the document can take it or not.
    private func place(_ submission: Submission<Operation>) throws(OTError) -> Receipt {
        let since = self.history.rows(since: submission.revision)
        if let known = self.history.ids[since].firstIndex(of: submission.id) {
            return .repeated(self.history.logged(known))
        }
        try self.check(submission.revision)
        let length = since.isEmpty ? self.document.length : self.history.lengths[since.lowerBound]
        var operation = submission.operation
        guard operation.fits(length) else { throw .wrongLength(length, revision: submission.revision) }
        var steps = 0
        var cut = 0
        for row in since {
            let applied = self.history.operations[row]
            steps += operation.componentCount + applied.componentCount
            guard steps <= self.limits.rebaseSteps else {
                throw .tooFarBehind(submission.revision, newest: self.revision)
            }
            operation = try operation.rebased(over: applied)
            // It grows heavier only where it is cut.
            if operation.componentCount > cut { try self.checkWeight(operation) }
            cut = max(cut, operation.componentCount)
        }
        try self.checkWeight(operation)
        return .accepted(LoggedOperation(operation, revision: self.revision + 1, id: submission.id))
    }

    /// Takes an operation that makes the next revision: one that ``rebase(_:)`` gave, or that was stored, or that
    /// another node took.
    public mutating func append(_ logged: LoggedOperation<Operation>) throws(OTError) {
        try self.append(logged, weightLimit: self.limits.documentWeight)
    }

    private mutating func append(_ logged: LoggedOperation<Operation>, weightLimit: Int) throws(OTError) {
        let length = try self.checkLength(logged)
        try self.document.apply(logged.operation, weightLimit: weightLimit)
        self.revision += 1
        self.history.append(logged, lengthBefore: length)
    }

    private func check(_ logged: LoggedOperation<Operation>) throws(OTError) {
        _ = try self.checkLength(logged)
        try self.document.check(logged.operation, weightLimit: self.limits.documentWeight)
    }

    /// The length of the document, for which the operation must be.
    private func checkLength(_ logged: LoggedOperation<Operation>) throws(OTError) -> Int {
        guard self.revision < Length.most, logged.revision == self.revision + 1 else {
            throw .outOfOrder(logged.revision, expected: self.revision + 1)
        }
        let before = self.document.length
        guard logged.operation.fits(before) else { throw .wrongLength(before, revision: self.revision) }
        let change = logged.operation.lengthChange
        guard try Length.sum(before, change) <= self.limits.documentLength || change <= 0 else {
            throw .limitExceeded("the length of the document", self.limits.documentLength)
        }
        return before
    }

    /// What was taken after a revision, in order: what a client that comes back has to catch up with.
    public func operations(since revision: Int) throws(OTError) -> [LoggedOperation<Operation>] {
        try self.check(revision)
        return self.history.rows(since: revision).map(self.history.logged)
    }

    /// The highest number that operations of a client have in the history; 0 if it has none there.
    ///
    /// A client that opens the document anew under a name that it has used goes on from it, or what it sends would be taken
    /// for repeated.
    public func lastSequence(of client: String) -> Int {
        self.history.rows(since: self.oldestRevision).lazy.map { self.history.ids[$0] }
            .filter { $0.client.utf8.elementsEqual(client.utf8) }.map(\.sequence).max() ?? 0
    }

    /// Where a selection that a client had at a revision is in the document as it is now.
    ///
    /// A client tells of its selection when all it did is in the log; see ``OTClient/canTellSelection``.
    public func transform(_ selection: OTSelection, since revision: Int) throws(OTError) -> OTSelection {
        try self.check(revision)
        var selection = selection
        var steps = 0
        for row in self.history.rows(since: revision) {
            let applied = self.history.operations[row]
            steps += applied.componentCount * selection.ranges.count
            guard steps <= self.limits.rebaseSteps else { throw .tooFarBehind(revision, newest: self.revision) }
            selection = selection.transformed(by: applied)
        }
        return selection
    }

    private func checkWeight(_ operation: Operation) throws(OTError) {
        guard operation.weight <= self.limits.operationWeight else {
            throw .limitExceeded("what the operation holds in memory", self.limits.operationWeight)
        }
    }

    private func check(_ revision: Int) throws(OTError) {
        guard revision <= self.revision else { throw .revisionAhead(revision, newest: self.revision) }
        guard revision >= self.oldestRevision else { throw .revisionGone(revision, oldest: self.oldestRevision) }
    }
}
