// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Undoes and redoes what was done to some types, and nothing that others did.
///
/// To undo an insertion is to delete it; to undo a deletion is to insert the same again, for deleted units never
/// come back. What may be undone is kept from being freed. Lives as long as it is held.
public final class YUndoManager {
    struct Step {
        var insertions: DeleteSet
        var deletions: DeleteSet
    }

    private enum Activity { case none, undoing, redoing }

    public let document: YDocument
    /// Changes of these origins are undone. Default: only those without an origin.
    public var trackedOrigins: Set<YOrigin?> = [nil]
    /// Changes so close to one another are undone together. Default 500 ms; needs a clock.
    public var captureTimeout = Duration.milliseconds(500)
    /// Whether a map's value comes back even over a newer one that somebody else set. Default false.
    public var ignoresRemoteMapChanges = false

    private let scope: Set<Slot>
    private let now: (() -> ContinuousClock.Instant)?
    private var lastChange: ContinuousClock.Instant?
    private var activity = Activity.none
    private var observation: YObservation?
    private var undoSteps: [Step] = []
    private var redoSteps: [Step] = []

    /// - Parameters:
    ///   - types: The types whose changes, and those of all within them, are tracked.
    ///   - now: The clock for ``captureTimeout``; without one every transaction is a step of its own.
    public init(_ types: [any YSharedType], of document: YDocument, now: (() -> ContinuousClock.Instant)? = nil) {
        self.document = document
        self.scope = Set(types.map(\.handle.branch))
        self.now = now
        let number = document.observers.next()
        self.observation = YObservation(number: number)
        document.observers.settling.append((number, { [weak self] in self?.track($0) }))
    }

    deinit {
        if let observation = self.observation { self.document.cancel(observation) }
    }

    public var canUndo: Bool { !self.undoSteps.isEmpty }
    public var canRedo: Bool { !self.redoSteps.isEmpty }
    public var undoCount: Int { self.undoSteps.count }
    public var redoCount: Int { self.redoSteps.count }

    /// Begins a new step with the next change, however soon it comes.
    public func stopCapturing() { self.lastChange = nil }

    /// Forgets all steps, and lets go of what was kept for them.
    public func clear() {
        self.letGo(self.undoSteps)
        self.letGo(self.redoSteps)
        self.undoSteps = []
        self.redoSteps = []
    }

    /// Undoes the last step that still makes a difference; false if there is none.
    @discardableResult
    public func undo() -> Bool {
        self.activity = .undoing
        defer { self.activity = .none }
        return self.pop(\.undoSteps)
    }

    /// Takes the last ``undo()`` back; false if there is none, or something else was done since.
    @discardableResult
    public func redo() -> Bool {
        self.activity = .redoing
        defer { self.activity = .none }
        return self.pop(\.redoSteps)
    }

    // MARK: Tracking

    private var origin: YOrigin { YOrigin(ObjectIdentifier(self)) }

    private func track(_ transaction: Transaction) {
        let isOwn = transaction.origin == self.origin
        guard isOwn || (transaction.isLocal && self.trackedOrigins.contains(transaction.origin)),
            self.document.store.touches(self.scope, transaction)
        else { return }
        if self.activity == .undoing {
            self.stopCapturing()
        } else if self.activity == .none {
            self.letGo(self.redoSteps)
            self.redoSteps = []
        }
        self.add(self.document.view(of: transaction))
        self.document.store.keep(transaction.deletions, in: self.scope, true)
    }

    private func add(_ view: YTransaction) {
        let step = Step(insertions: view.insertions, deletions: view.deletions)
        guard self.activity != .undoing else { return self.redoSteps.append(step) }
        let time = self.now?()
        if self.activity == .none, let time, let last = self.lastChange, time - last < self.captureTimeout,
            var open = self.undoSteps.popLast()
        {
            open.insertions.formUnion(step.insertions)
            open.deletions.formUnion(step.deletions)
            open.insertions.normalize()
            open.deletions.normalize()
            self.undoSteps.append(open)
        } else {
            self.undoSteps.append(step)
        }
        if self.activity == .none { self.lastChange = time }
    }

    private func letGo(_ steps: [Step]) {
        for step in steps { self.document.store.keep(step.deletions, in: self.scope, false) }
    }

    // MARK: Undoing

    private func pop(_ steps: ReferenceWritableKeyPath<YUndoManager, [Step]>) -> Bool {
        self.document.begin(origin: self.origin, isLocal: true) {
            while let step = self[keyPath: steps].popLast() {
                var reversal = Reversal(
                    step: step, scope: self.scope, author: self.document.author(),
                    ignoresRemoteMapChanges: self.ignoresRemoteMapChanges,
                    ownDeletions: (self.undoSteps + self.redoSteps).map(\.deletions))
                if reversal.run(in: &self.document.store) { return true }
            }
            return false
        }
    }
}
