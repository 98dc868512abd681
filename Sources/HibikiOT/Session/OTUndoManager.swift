// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// What a client can take back, and what of it it can do again: its own edits, whatever others did meanwhile.
///
/// Give it every local edit with ``record(_:on:)`` before the edit is applied, and every operation of others that is
/// applied with ``receive(_:)``. What ``undo(_:)`` and ``redo(_:)`` return is applied to the document and sent like any
/// other edit, and not recorded.
///
/// Edits that go on where the last one ended are taken back together; ``endGroup()`` keeps the next one apart, after a
/// pause in typing for example.
public struct OTUndoManager<Operation: OTOperation>: Sendable {
    private var undos: [Operation] = []
    private var redos: [Operation] = []
    private var isGroupOpen = false
    private let limit: Int

    /// - Parameter limit: How many groups of edits are held; the oldest goes first.
    public init(limit: Int = 50) { self.limit = max(limit, 1) }

    public var canUndo: Bool { !self.undos.isEmpty }
    public var canRedo: Bool { !self.redos.isEmpty }

    /// Takes note of a local edit that is about to be applied to `document`. What was taken back before is forgotten.
    public mutating func record(_ edit: Operation, on document: Operation.Document) throws(OTError) {
        let inverse = try edit.inverted(on: document)
        if self.isGroupOpen, let last = self.undos.last, inverse.goesOn(from: last) {
            self.undos[self.undos.count - 1] = try inverse.composed(with: last)
        } else {
            self.undos.append(inverse)
            if self.undos.count > self.limit { self.undos.removeFirst() }
        }
        self.isGroupOpen = true
        self.redos = []
    }

    /// Ends the group of edits that are taken back together.
    public mutating func endGroup() { self.isGroupOpen = false }

    /// The operation that takes the last group of edits back from `document`, or nil.
    public mutating func undo(_ document: Operation.Document) throws(OTError) -> Operation? {
        guard let operation = self.undos.last else { return nil }
        self.redos.append(try operation.inverted(on: document))
        self.undos.removeLast()
        self.isGroupOpen = false
        return operation
    }

    /// The operation that does again in `document` what was taken back last, or nil.
    public mutating func redo(_ document: Operation.Document) throws(OTError) -> Operation? {
        guard let operation = self.redos.last else { return nil }
        self.undos.append(try operation.inverted(on: document))
        self.redos.removeLast()
        self.isGroupOpen = false
        return operation
    }

    /// Takes an operation of another client, as it is applied to the own document. What it leaves nothing of is dropped.
    public mutating func receive(_ operation: Operation) throws(OTError) {
        let undos = try Self.transform(self.undos, over: operation)
        self.redos = try Self.transform(self.redos, over: operation)
        self.undos = undos
    }

    /// Every element builds on what the one above it makes, so the operation goes through them from the top down.
    private static func transform(_ stack: [Operation], over operation: Operation) throws(OTError) -> [Operation] {
        var operation = operation
        var result: [Operation] = []
        for element in stack.reversed() {
            let moved = try element.rebased(over: operation)
            operation = try operation.advanced(past: element)
            if !moved.isNoop { result.append(moved) }
        }
        return result.reversed()
    }
}

extension OTOperation {
    /// Whether this inverse and an earlier one are of edits that belong together: typing on, deleting on in either
    /// direction. An edit that changes nothing belongs to any.
    fileprivate func goesOn(from earlier: Self) -> Bool {
        if self.isNoop || earlier.isNoop { return true }
        guard let edit = self.singleEdit, let before = earlier.singleEdit, edit.kind == before.kind else {
            return false
        }
        switch edit.kind {
        // Text that was typed: the later stands behind the earlier.
        case .deletion: return edit.position == before.position + before.length
        // Text that was deleted, by the key that deletes backwards or by the one that deletes forwards.
        case .insertion: return edit.position + edit.length == before.position || edit.position == before.position
        }
    }
}
