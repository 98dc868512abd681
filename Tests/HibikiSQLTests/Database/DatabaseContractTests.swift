// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSQL
import Testing

/// What every driver has to do.
@Suite struct DatabaseContractTests {
    private static let table = SQLStatement(
        "CREATE TABLE item (id BIGINT PRIMARY KEY, name TEXT, score DOUBLE PRECISION, bytes BYTEA)")

    private func names(_ database: any SQLDatabase) async throws -> [String] {
        try await database.read(SQLStatement("SELECT name FROM item ORDER BY id")).map { try $0["name"] }
    }

    private func insert(_ id: Int64, _ name: String) -> SQLStatement {
        SQLStatement("INSERT INTO item (id, name) VALUES ($1, $2)", [.integer(id), .text(name)])
    }

    @Test(arguments: DatabaseKind.allCases)
    func `values of every kind come back as they were`(_ kind: DatabaseKind) async throws {
        try await kind.withDatabase { database in
            try await database.write([Self.table])
            let text = "Grüße, 響 🎐 ' \" $1 ?1 \\ \u{1}"
            let rows: [[SQLValue]] = [
                [1, .text(text), .real(0.1), .blob([0, 255, 39, 92])],
                [.integer(.max), "", .real(-1e300), .blob([])],
                [.integer(.min), .null, .null, .null],
            ]
            try await database.write(SQLStatement.insert(into: "item", ["id", "name", "score", "bytes"], rows: rows))
            let read = try await database.read(SQLStatement("SELECT * FROM item ORDER BY id = 1 DESC, id DESC"))
            #expect(read.columns == ["id", "name", "score", "bytes"])
            #expect(read == SQLRows(columns: read.columns, values: Array(rows.joined())))
        }
    }

    @Test(arguments: DatabaseKind.allCases)
    func `a parameter may stand several times, in any order`(_ kind: DatabaseKind) async throws {
        try await kind.withDatabase { database in
            let rows = try await database.read(
                SQLStatement("SELECT $2 AS b, $1 AS a, $1 AS c, '$1' AS d, $2 AS e", ["one", 2]))
            let row = try #require(rows.first)
            #expect(try row["a"] == "one" && row["b"] == 2 && row["c"] == "one" && row["d"] == "$1" && row["e"] == 2)
        }
    }

    @Test(arguments: DatabaseKind.allCases)
    func `a transaction decides from what it loads, and its statements say what they changed`(
        _ kind: DatabaseKind
    ) async throws {
        try await kind.withDatabase { database in
            try await database.write([Self.table, self.insert(1, "one"), self.insert(2, "two")])
            let load = [SQLStatement("SELECT id, name FROM item ORDER BY id" + database.dialect.rowLock)]
            let results = try await database.transaction(load: load) { facts in
                let next = Int64(facts[0].count) + 1
                return [
                    SQLStatement("UPDATE item SET score = 1"),
                    SQLStatement("INSERT INTO item (id, name) VALUES ($1, 'new') RETURNING id, name", [.integer(next)]),
                    SQLStatement("DELETE FROM item WHERE id = 99"),
                ]
            }
            #expect(results.map(\.changes) == [2, 1, 0])
            let row = try #require(results[1].first)
            #expect(try row["id"] == 3 && row["name"] == "new")
            #expect(try await self.names(database) == ["one", "two", "new"])
        }
    }

    @Test(arguments: DatabaseKind.allCases)
    func `what fails leaves nothing, and what it threw comes out`(_ kind: DatabaseKind) async throws {
        struct Refusal: Error, Equatable {}
        try await kind.withDatabase { database in
            try await database.write([Self.table, self.insert(1, "one")])
            await #expect(throws: Refusal.self) {
                try await database.transaction(load: [self.insert(2, "load")]) { _ in throw Refusal() }
            }
            let error = await #expect(throws: SQLError.self) {
                try await database.write([self.insert(3, "three"), self.insert(1, "again")])
            }
            #expect(error?.code == .constraint)
            let wrong = await #expect(throws: SQLError.self) { try await database.write([SQLStatement("NONSENSE")]) }
            #expect(wrong?.code == .statement)
            #expect(try await self.names(database) == ["one"])
        }
    }

    @Test(arguments: DatabaseKind.allCases)
    func `one of many transactions at once fails, and the others do not`(_ kind: DatabaseKind) async throws {
        try await kind.withDatabase { database in
            try await database.write([Self.table, self.insert(50, "taken")])
            let failures = await withTaskGroup(of: SQLError?.self, returning: [SQLError].self) { group in
                for id in Int64(1)...100 {
                    group.addTask {
                        do {
                            try await database.write([self.insert(1_000 + id, "beside"), self.insert(id, "mine")])
                            return nil
                        } catch {
                            return error as? SQLError
                        }
                    }
                }
                return await group.reduce(into: []) { if let error = $1 { $0.append(error) } }
            }
            #expect(failures.map(\.code) == [.constraint])
            let names = try await self.names(database)
            #expect(names.count == 199)
            #expect(names.filter { $0 == "beside" }.count == 99)
        }
    }

    @Test(arguments: DatabaseKind.allCases)
    func `a counter that is locked counts every transaction once`(_ kind: DatabaseKind) async throws {
        try await kind.withDatabase { database in
            try await database.write([Self.table, SQLStatement("INSERT INTO item (id, score) VALUES (1, 0)")])
            let load = [SQLStatement("SELECT score FROM item WHERE id = 1" + database.dialect.rowLock)]
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<200 {
                    group.addTask {
                        _ = try await database.transaction(load: load) { facts in
                            let score: Double = try facts[0][0]["score"]
                            return [SQLStatement("UPDATE item SET score = $1 WHERE id = 1", [.real(score + 1)])]
                        }
                    }
                }
                try await group.waitForAll()
            }
            let score: Double = try await database.read(SQLStatement("SELECT score FROM item"))[0]["score"]
            #expect(score == 200)
        }
    }

    @Test(arguments: DatabaseKind.allCases)
    func `a read sees one moment, whatever is written meanwhile`(_ kind: DatabaseKind) async throws {
        try await kind.withDatabase { database in
            try await database.write([Self.table])
            let writer = Task {
                for id in Int64(1)...200 {
                    try await database.write([self.insert(id, "a"), self.insert(-id, "b")])
                }
            }
            let count = SQLStatement("SELECT count(*) AS n FROM item")
            var last = 0
            while last < 400 {
                let results = try await database.read([count, count, count])
                let counts: [Int] = try results.map { try $0[0]["n"] }
                #expect(Set(counts).count == 1)
                #expect(counts[0].isMultiple(of: 2) && counts[0] >= last)
                last = counts[0]
            }
            try await writer.value
        }
    }

    @Test(arguments: DatabaseKind.allCases)
    func `a read that writes is refused`(_ kind: DatabaseKind) async throws {
        try await kind.withDatabase { database in
            try await database.write([Self.table])
            let error = await #expect(throws: SQLError.self) { try await database.read([self.insert(1, "one")]) }
            #expect(error?.code == .statement)
            #expect(try await self.names(database).isEmpty)
        }
    }

    @Test(arguments: DatabaseKind.allCases)
    func `many keys are found in few statements`(_ kind: DatabaseKind) async throws {
        try await kind.withDatabase { database in
            try await database.write([Self.table])
            let rows = (Int64(0)..<1_000).map { [SQLValue.integer($0), .text("n\($0)")] }
            try await database.write(SQLStatement.insert(into: "item", ["id", "name"], rows: rows))
            let keys = (Int64(0)..<700).map { [SQLValue.integer($0 * 2), .text("n\($0 * 2)")] }
            let statements = SQLStatement.lookUp("SELECT id FROM item WHERE (id, name) IN ($KEYS)", keys: keys)
            let ids: [Int64] = try await database.read(statements).joined().map { try $0["id"] }
            #expect(statements.count == 3)
            #expect(ids.sorted() == (Int64(0)..<500).map { $0 * 2 })
        }
    }

    @Test(arguments: DatabaseKind.allCases)
    func `a database that was closed says so`(_ kind: DatabaseKind) async throws {
        try await kind.withDatabase { database in
            try await database.write([Self.table])
            await database.close()
            await database.close()
            let written = await #expect(throws: SQLError.self) { try await database.write([self.insert(1, "one")]) }
            let read = await #expect(throws: SQLError.self) { try await database.read([Self.table]) }
            #expect(written?.code == .closed && read?.code == .closed)
        }
    }
}
