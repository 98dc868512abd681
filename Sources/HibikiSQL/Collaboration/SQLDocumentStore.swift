// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiCollaboration
public import HibikiMessaging

/// Documents in a database of SQL, whichever it is.
///
/// It wants the schema of ``SQLMigrator/hibiki``.
public struct SQLDocumentStore: DocumentStore {
    private let database: any SQLDatabase

    public init(_ database: any SQLDatabase) {
        self.database = database
    }

    // MARK: Reading

    public func load(_ name: DocumentName) async throws -> StoredDocument? {
        let updates: SQLFragment = """
            SELECT u.bytes FROM document d JOIN document_update u ON u.document = d.id \
            WHERE d.name = \(name.text) ORDER BY u.sequence
            """
        let snapshot: SQLFragment = """
            SELECT s.bytes FROM document d JOIN document_snapshot s ON s.document = d.id WHERE d.name = \(name.text)
            """
        let results = try await self.database.read(
            [DocumentRow.select(name, lock: ""), snapshot.statement, updates.statement])
        guard results.count == 3, let row = try results[0].first.map(DocumentRow.init(_:)) else { return nil }
        return StoredDocument(
            incarnation: row.id, snapshot: try results[1].first.map(Self.bytes), snapshotSequence: row.snapshotSequence,
            updates: try results[2].map(Self.bytes), sequence: row.sequence)
    }

    public func summary(of name: DocumentName) async throws -> DocumentSummary? {
        try await self.database.read(DocumentRow.select(name, lock: "")).first.map { try DocumentRow($0).summary }
    }

    private static func bytes(_ row: SQLRow) throws(SQLError) -> [UInt8] { try row["bytes"] }

    public func list(prefix: String, after: DocumentName?, limit: Int) async throws -> [DocumentSummary] {
        var conditions: [SQLFragment] = [
            "name >= \(prefix)", "substr(name, 1, CAST(\(prefix.unicodeScalars.count) AS INTEGER)) = \(prefix)",
        ]
        if let after { conditions.append("name > \(after.text)") }
        let page: SQLFragment = """
            SELECT \(raw: DocumentRow.columns) FROM document WHERE \(.all(conditions)) ORDER BY name \
            LIMIT \(max(0, limit))
            """
        return try await self.database.read(page.statement).map { try DocumentRow($0).summary }
    }

    // MARK: Writing

    public func append(_ updates: [[UInt8]], to name: DocumentName, at now: Timestamp) async throws -> DocumentSize {
        let fresh = Int64.random(in: 1 ... .max)
        return try await self.database.deciding(
            load: [DocumentRow.select(name, lock: self.database.dialect.rowLock)]
        ) { results in
            let known = try results.first?.first.map(DocumentRow.init(_:))
            var row = known ?? DocumentRow(id: fresh, name: name, at: now)
            let values = updates.enumerated().map { index, bytes -> [SQLValue] in
                [.integer(row.id), .integer(row.sequence + Int64(index) + 1), .blob(bytes)]
            }
            row.sequence += Int64(updates.count)
            row.size.add(updates)
            row.changedAt = now
            let first = known == nil ? row.insert : row.update
            return (
                [first]
                    + SQLStatement.insert(into: "document_update", ["document", "sequence", "bytes"], rows: values),
                row.size
            )
        }
    }

    public func replace(
        _ stored: StoredDocument, by snapshot: [UInt8], of name: DocumentName
    ) async throws -> DocumentSize? {
        try await self.database.deciding(
            load: [DocumentRow.select(name, lock: self.database.dialect.rowLock)]
        ) { results -> ([SQLStatement], DocumentSize?) in
            guard var row = try results.first?.first.map(DocumentRow.init(_:)), row.id == stored.incarnation,
                row.snapshotSequence == stored.snapshotSequence
            else { return ([], .none) }
            row.snapshotSequence = stored.sequence
            row.size.snapshotBytes = snapshot.count
            row.size.updates -= stored.size.updates
            row.size.updateBytes -= stored.size.updateBytes
            let forget: SQLFragment =
                "DELETE FROM document_update WHERE document = \(row.id) AND sequence <= \(stored.sequence)"
            let put: SQLFragment = """
                INSERT INTO document_snapshot (document, bytes) VALUES (\(row.id), \(snapshot)) \
                ON CONFLICT (document) DO UPDATE SET bytes = excluded.bytes
                """
            return ([row.update, put.statement, forget.statement], row.size)
        }
    }

    public func delete(_ name: DocumentName) async throws -> Bool {
        try await self.database.deciding(
            load: [DocumentRow.select(name, lock: self.database.dialect.rowLock)]
        ) { results in
            guard let id = try results.first?.first.map(DocumentRow.init(_:))?.id else { return ([], false) }
            let parts: [SQLFragment] = [
                "DELETE FROM document_update WHERE document = \(id)",
                "DELETE FROM document_snapshot WHERE document = \(id)",
                "DELETE FROM document WHERE id = \(id)",
            ]
            return (parts.map(\.statement), true)
        }
    }
}

/// A row of the table `document`.
private struct DocumentRow {
    static let columns =
        "id, name, created_at, changed_at, sequence, snapshot_sequence, snapshot_bytes, updates, update_bytes"

    let id: Int64
    let name: DocumentName
    let createdAt: Timestamp
    var changedAt: Timestamp
    var sequence: Int64 = 0
    var snapshotSequence: Int64 = 0
    var size = DocumentSize()

    init(id: Int64, name: DocumentName, at now: Timestamp) {
        self.id = id
        self.name = name
        self.createdAt = now
        self.changedAt = now
    }

    init(_ row: SQLRow) throws {
        var reader = row.reader
        self.id = try reader.next()
        self.name = try DocumentName(reader.next())
        self.createdAt = Timestamp(milliseconds: try reader.next())
        self.changedAt = Timestamp(milliseconds: try reader.next())
        self.sequence = try reader.next()
        self.snapshotSequence = try reader.next()
        self.size = DocumentSize(
            snapshotBytes: try reader.next(), updates: try reader.next(), updateBytes: try reader.next())
    }

    static func select(_ name: DocumentName, lock: String) -> SQLStatement {
        let query: SQLFragment = "SELECT \(raw: self.columns) FROM document WHERE name = \(name.text)\(raw: lock)"
        return query.statement
    }

    var insert: SQLStatement {
        let query: SQLFragment = """
            INSERT INTO document (\(raw: Self.columns)) VALUES (\(self.id), \(self.name.text), \
            \(self.createdAt.milliseconds), \(self.changedAt.milliseconds), \(self.sequence), \
            \(self.snapshotSequence), \(self.size.snapshotBytes), \(self.size.updates), \(self.size.updateBytes))
            """
        return query.statement
    }

    var update: SQLStatement {
        let query: SQLFragment = """
            UPDATE document SET changed_at = \(self.changedAt.milliseconds), sequence = \(self.sequence), \
            snapshot_sequence = \(self.snapshotSequence), snapshot_bytes = \(self.size.snapshotBytes), \
            updates = \(self.size.updates), update_bytes = \(self.size.updateBytes) WHERE id = \(self.id)
            """
        return query.statement
    }

    var summary: DocumentSummary {
        DocumentSummary(name: self.name, createdAt: self.createdAt, changedAt: self.changedAt, size: self.size)
    }
}
