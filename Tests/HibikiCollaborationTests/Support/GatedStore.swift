// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiCollaboration
import HibikiMessaging
import Synchronization

/// A store in memory that does nothing while its gate is shut, and fails when it is told to.
final class GatedStore: DocumentStore {
    struct Trouble: Error {}

    private struct State {
        var isShut = false
        var fails = false
        var waiting: [CheckedContinuation<Void, Never>] = []
        var appends: [Int] = []
    }

    private let base = MemoryDocumentStore()
    private let state = Mutex(State())

    /// How many updates each append had.
    var appends: [Int] { self.state.withLock { $0.appends } }
    var waiting: Int { self.state.withLock { $0.waiting.count } }

    func fails(_ fails: Bool) { self.state.withLock { $0.fails = fails } }
    func shut() { self.state.withLock { $0.isShut = true } }

    func open() {
        self.state.withLock { $0.isShut = false }
        self.letThrough()
    }

    /// Lets those through who wait, and nobody who comes then.
    func letThrough() {
        let waiting = self.state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    private func pass() async throws {
        await withCheckedContinuation { continuation in
            let isShut = self.state.withLock { state in
                if state.isShut { state.waiting.append(continuation) }
                return state.isShut
            }
            if !isShut { continuation.resume() }
        }
        if self.state.withLock({ $0.fails }) { throw Trouble() }
    }

    func load(_ name: DocumentName) async throws -> StoredDocument? {
        try await self.pass()
        return try await self.base.load(name)
    }

    func summary(of name: DocumentName) async throws -> DocumentSummary? { try await self.base.summary(of: name) }

    func append(_ updates: [[UInt8]], to name: DocumentName, at now: Timestamp) async throws -> DocumentSize {
        try await self.pass()
        self.state.withLock { $0.appends.append(updates.count) }
        return try await self.base.append(updates, to: name, at: now)
    }

    func replace(
        _ stored: StoredDocument, by snapshot: [UInt8], of name: DocumentName
    ) async throws -> DocumentSize? {
        try await self.pass()
        return try await self.base.replace(stored, by: snapshot, of: name)
    }

    func delete(_ name: DocumentName) async throws -> Bool { try await self.base.delete(name) }

    func list(prefix: String, after: DocumentName?, limit: Int) async throws -> [DocumentSummary] {
        try await self.base.list(prefix: prefix, after: after, limit: limit)
    }
}
