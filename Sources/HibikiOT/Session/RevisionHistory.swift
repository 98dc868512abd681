// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The last operations of a log, as many as its limits allow.
struct RevisionHistory<Operation: OTOperation>: Sendable {
    struct Entry: Sendable {
        let logged: LoggedOperation<Operation>
        /// The length of the document that it was applied to.
        let lengthBefore: Int
        let weight: Int
    }

    private var stored: [Entry] = []
    /// How many of the stored are no longer held; they go when they are half.
    private var dropped = 0
    private var weight = 0
    private let limits: RevisionLimits

    /// What led to a snapshot.
    init(
        _ operations: some BidirectionalCollection<LoggedOperation<Operation>>,
        before snapshot: RevisionLog<Operation>.Snapshot, limits: RevisionLimits
    ) throws(OTError) {
        self.limits = limits
        var length = snapshot.document.length
        var revision = snapshot.revision
        var entries: [Entry] = []
        for logged in operations.reversed() {
            guard logged.revision == revision, revision > 0 else {
                throw .outOfOrder(logged.revision, expected: revision)
            }
            length -= logged.operation.lengthChange
            guard length >= 0, length <= Length.most, logged.operation.fits(length) else {
                throw .wrongLength(length, revision: revision - 1)
            }
            revision -= 1
            entries.append(Entry(logged: logged, lengthBefore: length, weight: logged.operation.weight))
        }
        for entry in entries.reversed() { self.append(entry) }
    }

    var count: Int { self.stored.count - self.dropped }

    /// All but the first `count` of those that are held.
    func entries(_ count: Int) -> ArraySlice<Entry> { self.stored[self.dropped...].dropFirst(count) }

    mutating func append(_ logged: LoggedOperation<Operation>, lengthBefore: Int) {
        self.append(Entry(logged: logged, lengthBefore: lengthBefore, weight: logged.operation.weight))
    }

    private mutating func append(_ entry: Entry) {
        self.stored.append(entry)
        self.weight += entry.weight
        while self.count > 0, self.count > self.limits.operations || self.weight > self.limits.weight {
            self.weight -= self.stored[self.dropped].weight
            self.dropped += 1
        }
        if self.dropped * 2 > self.stored.count {
            self.stored.removeFirst(self.dropped)
            self.dropped = 0
        }
    }
}
