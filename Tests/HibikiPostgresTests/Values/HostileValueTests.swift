// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiPostgres
import HibikiSQL
import HibikiTestSupport
import Testing

@Suite struct HostileValueTests {
    private static let table = SQLStatement("CREATE TABLE item (id BIGINT PRIMARY KEY, name TEXT, bytes BYTEA)")

    @Test func `a text with U+0000 is refused, and the connection goes on`() async throws {
        try await withDatabase({ $0.connections = 1 }) { database in
            try await database.write([Self.table])
            let text = SQLStatement("INSERT INTO item (id, name) VALUES ($1, $2)", [1, .text("a\u{0}b")])
            let error = await #expect(throws: SQLError.self) { try await database.write([text]) }
            #expect(error?.code == .statement)
            #expect(error?.message.contains("parameter 2") == true)
            #expect(try await database.read(SQLStatement("SELECT id FROM item")).isEmpty)
        }
    }

    @Test func `a blob of 1 MiB comes back, whatever its bytes are`() async throws {
        var generator = SeededGenerator(seed: 5)
        let blob = generator.bytes(1 << 20)
        try await withDatabase { database in
            try await database.write([Self.table])
            let insert = SQLStatement("INSERT INTO item (id, bytes) VALUES ($1, $2)", [1, .blob(blob)])
            try await database.write([insert])
            let read: [UInt8] = try await database.read(SQLStatement("SELECT bytes FROM item"))[0]["bytes"]
            #expect(read == blob)
        }
    }

    @Test func `a hundred blobs in one transaction go out while their answers come in`() async throws {
        let blob = [UInt8](repeating: 0xC3, count: 256 << 10)
        try await withDatabase { database in
            try await database.write([Self.table])
            let results = try await database.write(
                (Int64(1)...100).map {
                    SQLStatement(
                        "INSERT INTO item (id, bytes) VALUES ($1, $2) RETURNING bytes", [.integer($0), .blob(blob)])
                })
            #expect(results.count == 100)
            for rows in results {
                let read: [UInt8] = try rows[0]["bytes"]
                #expect(read == blob)
            }
        }
    }

    @Test func `bytes that are no UTF-8 stay bytes, and never become a text`() async throws {
        try await withDatabase { database in
            try await database.write([Self.table])
            let wrong: [UInt8] = [0xFF, 0xC0, 0x80, 0xED, 0xA0, 0x80]
            try await database.write([SQLStatement("INSERT INTO item (id, bytes) VALUES (1, $1)", [.blob(wrong)])])
            let read: [UInt8] = try await database.read(SQLStatement("SELECT bytes FROM item"))[0]["bytes"]
            #expect(read == wrong)
            let text = SQLStatement("SELECT convert_from(bytes, 'UTF8') AS text FROM item")
            let error = await #expect(throws: SQLError.self) { try await database.read(text) }
            #expect(error?.code == .statement)
        }
    }

    @Test func `a text that looks like SQL is a text`() async throws {
        try await withDatabase { database in
            try await database.write([Self.table])
            let name = "'); DROP TABLE item; --"
            try await database.write([SQLStatement("INSERT INTO item (id, name) VALUES (1, $1)", [.text(name)])])
            let read: String = try await database.read(SQLStatement("SELECT name FROM item"))[0]["name"]
            #expect(read == name)
        }
    }

    @Test func `NULL and values take turns in one statement`() async throws {
        try await withDatabase { database in
            try await database.write([Self.table])
            let values: [SQLValue] = [.null, "a", .null, "b"]
            for (id, value) in values.enumerated() {
                let row: [SQLValue] = [.integer(Int64(id)), value, id == 1 ? .blob([1]) : .null]
                try await database.write([SQLStatement("INSERT INTO item VALUES ($1, $2, $3)", row)])
            }
            let names: [String?] = try await database.read(SQLStatement("SELECT name FROM item ORDER BY id"))
                .map { try $0["name"] }
            #expect(names == [nil, "a", nil, "b"])
        }
    }

    @Test func `more parameters than the protocol can count are refused before anything is sent`() async throws {
        try await withDatabase { database in
            let values = [SQLValue](repeating: 1, count: 65_536)
            let list = (1...values.count).map { "($\($0)::bigint)" }.joined(separator: ",")
            let error = await #expect(throws: SQLError.self) {
                try await database.read(SQLStatement("SELECT count(*) FROM (VALUES \(list)) AS v", values))
            }
            #expect(error?.code == .statement)
        }
    }

    @Test func `the types that statements give are read exactly`() async throws {
        try await withDatabase { database in
            let rows = try await database.read(
                SQLStatement(
                    """
                    SELECT true AS yes, (-2)::smallint AS small, (-3)::integer AS middle, 0.5::real AS half,
                        sum(n) AS sum, min(-n)::numeric AS least, 0::numeric AS zero, '{"a":1}'::json AS json, 
                        'x'::varchar(3) AS word
                    FROM (VALUES (9000000000000000000), (223372036854775807)) AS v (n)
                    """))
            let row = try #require(rows.first)
            #expect(try row["yes"] == true && row["small"] == Int64(-2) && row["middle"] == Int64(-3))
            #expect(
                try row["half"] == 0.5 && row["sum"] == Int64.max && row["least"] == Int64(-9_000_000_000_000_000_000))
            #expect(try row["zero"] == Int64(0) && row["json"] == "{\"a\":1}" && row["word"] == "x")
        }
    }

    @Test(arguments: [
        "SELECT 1.5 AS v", "SELECT 9223372036854775808 AS v", "SELECT 'NaN'::numeric AS v", "SELECT now() AS v",
    ])
    func `what fits none of the kinds is refused by the name of its column`(_ text: String) async throws {
        try await withDatabase { database in
            let error = await #expect(throws: SQLError.self) { try await database.read(SQLStatement(text)) }
            #expect(error?.code == .column)
            #expect(error?.message.contains("column v") == true)
        }
    }
}
