// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiMessaging

/// Where documents are kept: for each a snapshot, and the updates behind it in the order in which they were stored.
///
/// `DocumentStoreContract` in the tests holds every implementation to what is said here. What is in the bytes is nothing to a store.
public protocol DocumentStore: Sendable {
    /// `nil` for a document that there is not.
    func load(_ name: DocumentName) async throws -> StoredDocument?

    /// When it was made and changed, and what it takes; `nil` for a document that there is not.
    func summary(of name: DocumentName) async throws -> DocumentSummary?

    /// Stores updates behind those that are there, in their order, and makes the document if it is not there. Durable when it returns:
    /// all of them, or none if it throws.
    ///
    /// - Returns: what the document takes then.
    func append(_ updates: [[UInt8]], to name: DocumentName, at now: Timestamp) async throws -> DocumentSize

    /// Puts a snapshot in the place of the one that `stored` has, and of all updates that `stored` has. What was stored behind them
    /// meanwhile stays.
    ///
    /// - Returns: what the document takes then; `nil` if nothing was changed, because somebody else has been first, or the document is gone.
    func replace(
        _ stored: StoredDocument, by snapshot: [UInt8], of name: DocumentName
    ) async throws -> DocumentSize?

    /// Whether it was there.
    func delete(_ name: DocumentName) async throws -> Bool

    /// Documents by name, those behind `after`.
    func list(prefix: String, after: DocumentName?, limit: Int) async throws -> [DocumentSummary]
}

/// A document as a store has it.
public struct StoredDocument: Hashable, Sendable {
    /// Another one for a document that is made again under a name that was deleted.
    public var incarnation: Int64
    /// `nil` where none was made yet.
    public var snapshot: [UInt8]?
    /// The last update that is in the snapshot; 0 for none.
    public var snapshotSequence: Int64
    /// Those behind the snapshot.
    public var updates: [[UInt8]]
    /// That of the last of them, or of the snapshot if there are none. Sequences of a document count from 1 without a hole.
    public var sequence: Int64

    public init(
        incarnation: Int64, snapshot: [UInt8]? = nil, snapshotSequence: Int64 = 0, updates: [[UInt8]] = [],
        sequence: Int64 = 0
    ) {
        self.incarnation = incarnation
        self.snapshot = snapshot
        self.snapshotSequence = snapshotSequence
        self.updates = updates
        self.sequence = sequence
    }

    public var size: DocumentSize {
        var size = DocumentSize(snapshotBytes: self.snapshot?.count ?? 0)
        size.add(self.updates)
        return size
    }
}

/// What a document takes in a store.
public struct DocumentSize: Hashable, Sendable {
    public var snapshotBytes: Int
    /// Behind the snapshot.
    public var updates: Int
    public var updateBytes: Int

    public init(snapshotBytes: Int = 0, updates: Int = 0, updateBytes: Int = 0) {
        self.snapshotBytes = snapshotBytes
        self.updates = updates
        self.updateBytes = updateBytes
    }

    public var bytes: Int { self.snapshotBytes + self.updateBytes }

    package mutating func add(_ updates: some Sequence<[UInt8]>) {
        for update in updates {
            self.updates += 1
            self.updateBytes += update.count
        }
    }
}

/// A line of a list of documents.
public struct DocumentSummary: Hashable, Sendable {
    public var name: DocumentName
    public var createdAt: Timestamp
    public var changedAt: Timestamp
    public var size: DocumentSize

    public init(name: DocumentName, createdAt: Timestamp, changedAt: Timestamp, size: DocumentSize) {
        self.name = name
        self.createdAt = createdAt
        self.changedAt = changedAt
        self.size = size
    }
}
