// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiMessaging
import Synchronization

/// Documents that are gone with the process.
public final class MemoryDocumentStore: DocumentStore {
    private struct Entry {
        var stored: StoredDocument
        var size = DocumentSize()
        let createdAt: Timestamp
        var changedAt: Timestamp
    }

    private struct State {
        var entries: [DocumentName: Entry] = [:]
        var incarnation: Int64 = 0

        func summary(of name: DocumentName) -> DocumentSummary? {
            self.entries[name].map {
                DocumentSummary(name: name, createdAt: $0.createdAt, changedAt: $0.changedAt, size: $0.size)
            }
        }

        mutating func make(at now: Timestamp) -> Entry {
            self.incarnation += 1
            return Entry(stored: StoredDocument(incarnation: self.incarnation), createdAt: now, changedAt: now)
        }
    }

    private let state = Mutex(State())

    public init() {}

    public func load(_ name: DocumentName) async throws -> StoredDocument? {
        self.state.withLock { $0.entries[name]?.stored }
    }

    public func summary(of name: DocumentName) async throws -> DocumentSummary? {
        self.state.withLock { $0.summary(of: name) }
    }

    public func append(_ updates: [[UInt8]], to name: DocumentName, at now: Timestamp) async throws -> DocumentSize {
        self.state.withLock { state in
            // Taken out meanwhile, or the list of updates would be copied.
            var entry = state.entries.removeValue(forKey: name) ?? state.make(at: now)
            entry.stored.updates += updates
            entry.stored.sequence += Int64(updates.count)
            entry.size.add(updates)
            entry.changedAt = now
            state.entries[name] = entry
            return entry.size
        }
    }

    public func replace(
        _ stored: StoredDocument, by snapshot: [UInt8], of name: DocumentName
    ) async throws -> DocumentSize? {
        self.state.withLock { state in
            guard var entry = state.entries[name], entry.stored.incarnation == stored.incarnation,
                entry.stored.snapshotSequence == stored.snapshotSequence
            else { return nil }
            entry.stored.updates.removeFirst(min(stored.updates.count, entry.stored.updates.count))
            entry.stored.snapshot = snapshot
            entry.stored.snapshotSequence = stored.sequence
            entry.size = entry.stored.size
            state.entries[name] = entry
            return entry.size
        }
    }

    public func delete(_ name: DocumentName) async throws -> Bool {
        self.state.withLock { $0.entries.removeValue(forKey: name) != nil }
    }

    public func list(prefix: String, after: DocumentName?, limit: Int) async throws -> [DocumentSummary] {
        self.state.withLock { state in
            let names = state.entries.keys.filter { name in
                name.text.utf8.starts(with: prefix.utf8) && after.map { $0 < name } ?? true
            }
            return names.sorted().prefix(max(0, limit)).compactMap { state.summary(of: $0) }
        }
    }
}
