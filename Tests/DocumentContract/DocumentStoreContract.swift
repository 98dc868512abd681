// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiCollaboration
import HibikiMessaging
public import Testing

/// What every store of documents is held to, clause by clause.
///
/// ```swift
/// @Test(arguments: DocumentStoreContract.clauses)
/// func `keeps the contract`(_ clause: DocumentStoreContract.Clause) async throws {
///     try await clause.check(on: try await freshStore())
/// }
/// ```
public enum DocumentStoreContract {
    public struct Clause: Sendable, CustomTestStringConvertible {
        /// What must be so, as a sentence about the store.
        public let sentence: String
        private let body: @Sendable (any DocumentStore) async throws -> Void

        init(_ sentence: String, _ body: @escaping @Sendable (any DocumentStore) async throws -> Void) {
            self.sentence = sentence
            self.body = body
        }

        public var testDescription: String { self.sentence }

        /// Records an issue for whatever is not so.
        ///
        /// - Parameter store: one without any document.
        public func check(on store: any DocumentStore) async throws { try await self.body(store) }
    }

    public static let clauses = Self.appending + Self.replacing + Self.listing

    private static let appending: [Clause] = [
        Clause("knows nothing of a document that nobody has written") { store in
            let pad = try name("pad")
            #expect(try await store.load(pad) == nil)
            #expect(try await store.summary(of: pad) == nil)
            #expect(try await store.delete(pad) == false)
            #expect(try await store.list(prefix: "", after: nil, limit: 10).isEmpty)
        },
        Clause("gives updates back in the order in which they were stored") { store in
            let pad = try name("pad")
            #expect(
                try await store.append([[1], [2, 3]], to: pad, at: at(1))
                    == DocumentSize(updates: 2, updateBytes: 3))
            #expect(
                try await store.append([[4]], to: pad, at: at(2)) == DocumentSize(updates: 3, updateBytes: 4))
            let stored = try #require(try await store.load(pad))
            #expect(stored.updates == [[1], [2, 3], [4]])
            #expect(stored.sequence == 3)
            #expect(stored.snapshot == nil)
            #expect(stored.size == DocumentSize(updates: 3, updateBytes: 4))
        },
        Clause("keeps any bytes, and many of them") { store in
            let pad = try name("pad")
            let all = (0...255).map(UInt8.init)
            let large = [UInt8](repeating: 0xA5, count: 3_000_000)
            _ = try await store.append([[], all, large], to: pad, at: at(1))
            #expect(try await store.load(pad)?.updates == [[], all, large])
        },
        Clause("keeps documents apart, also those whose names look alike") { store in
            let names = ["pad", "Pad", "pad/", "pad/a", "\u{E9}", "e\u{301}", "p%d", "p_d", "'; --"]
            for (index, text) in names.enumerated() {
                _ = try await store.append([[UInt8(index)]], to: name(text), at: at(1))
            }
            for (index, text) in names.enumerated() {
                #expect(try await store.load(name(text))?.updates == [[UInt8(index)]], "\(text)")
            }
        },
        Clause("gives each of many writers at once a place, in one order") { store in
            let pad = try name("pad")
            try await withThrowingTaskGroup { group in
                for writer in UInt8(0)..<20 {
                    group.addTask {
                        for number in UInt8(0)..<5 {
                            _ = try await store.append([[writer, number]], to: pad, at: at(1))
                        }
                    }
                }
                try await group.waitForAll()
            }
            let stored = try #require(try await store.load(pad))
            #expect(stored.sequence == 100)
            for writer in UInt8(0)..<20 {
                #expect(stored.updates.filter { $0[0] == writer }.map { $0[1] } == [0, 1, 2, 3, 4])
            }
        },
    ]

    private static let replacing: [Clause] = [
        Clause("puts a snapshot in the place of the updates that are in it, and of no others") { store in
            let pad = try name("pad")
            _ = try await store.append([[1], [2]], to: pad, at: at(1))
            let stored = try #require(try await store.load(pad))
            _ = try await store.append([[3, 3]], to: pad, at: at(2))
            #expect(
                try await store.replace(stored, by: [1, 2, 9], of: pad)
                    == DocumentSize(snapshotBytes: 3, updates: 1, updateBytes: 2))
            let now = try #require(try await store.load(pad))
            #expect(now.snapshot == [1, 2, 9])
            #expect(now.snapshotSequence == 2)
            #expect(now.updates == [[3, 3]])
            #expect(now.sequence == 3)
        },
        Clause("takes the second of two snapshots of the same state for late") { store in
            let pad = try name("pad")
            _ = try await store.append([[1], [2]], to: pad, at: at(1))
            let stored = try #require(try await store.load(pad))
            #expect(try await store.replace(stored, by: [7], of: pad) != nil)
            #expect(try await store.replace(stored, by: [8], of: pad) == nil)
            #expect(try await store.load(pad)?.snapshot == [7])
        },
        Clause("takes a snapshot in the place of a snapshot") { store in
            let pad = try name("pad")
            for round in UInt8(1)...3 {
                _ = try await store.append([[round]], to: pad, at: at(1))
                let stored = try #require(try await store.load(pad))
                #expect(
                    try await store.replace(stored, by: [round, round], of: pad) == DocumentSize(snapshotBytes: 2))
            }
            let now = try #require(try await store.load(pad))
            #expect(now.snapshot == [3, 3])
            #expect(now.updates.isEmpty)
            #expect(now.sequence == 3)
        },
        Clause("never brings back a document that was deleted while a snapshot of it was made") { store in
            let pad = try name("pad")
            _ = try await store.append([[1]], to: pad, at: at(1))
            let stored = try #require(try await store.load(pad))
            #expect(try await store.delete(pad))
            #expect(try await store.replace(stored, by: [1], of: pad) == nil)
            #expect(try await store.load(pad) == nil)
            _ = try await store.append([[2]], to: pad, at: at(2))
            #expect(try await store.replace(stored, by: [1], of: pad) == nil)
            #expect(try await store.load(pad)?.updates == [[2]])
        },
    ]

    private static let listing: [Clause] = [
        Clause("lists documents by the bytes of their names, page by page") { store in
            for text in ["b", "a/2", "a/1", "A", "a", "é"] {
                _ = try await store.append([[1]], to: name(text), at: at(5))
            }
            let all = try await store.list(prefix: "", after: nil, limit: 10).map(\.name.text)
            #expect(all == ["A", "a", "a/1", "a/2", "b", "é"])
            let page = try await store.list(prefix: "", after: name("a"), limit: 2).map(\.name.text)
            #expect(page == ["a/1", "a/2"])
            #expect(try await store.list(prefix: "a/", after: nil, limit: 10).map(\.name.text) == ["a/1", "a/2"])
            #expect(try await store.list(prefix: "a/", after: name("a/1"), limit: 10).map(\.name.text) == ["a/2"])
            #expect(try await store.list(prefix: "%", after: nil, limit: 10).isEmpty)
        },
        Clause("says when a document was made and changed, and what it takes") { store in
            let pad = try name("pad")
            _ = try await store.append([[1, 2]], to: pad, at: at(1_000))
            _ = try await store.append([[3]], to: pad, at: at(2_000))
            let summary = DocumentSummary(
                name: pad, createdAt: at(1_000), changedAt: at(2_000), size: DocumentSize(updates: 2, updateBytes: 3))
            #expect(try await store.list(prefix: "", after: nil, limit: 10) == [summary])
            #expect(try await store.summary(of: pad) == summary)
        },
        Clause("has documents in which nothing is written yet") { store in
            let pad = try name("pad")
            #expect(try await store.append([], to: pad, at: at(1_000)) == DocumentSize())
            #expect(try await store.load(pad)?.updates.isEmpty == true)
            #expect(try await store.list(prefix: "", after: nil, limit: 10).count == 1)
        },
    ]
}

private func name(_ text: String) throws -> DocumentName { try DocumentName(text) }

private func at(_ milliseconds: Int64) -> Timestamp { Timestamp(milliseconds: milliseconds) }
