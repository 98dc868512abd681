// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Foundation
import HibikiSQL
import HibikiSQLite

/// Writes into a database until it is killed: `StoreWriter PATH RUN WRITERS`.
///
/// Each writer takes the next number of a counter and stores it with a name that nobody else gives, in one transaction after
/// the other. When one is acknowledged, a line says so: the name and the number. A line that was written is a promise.
@main
struct StoreWriter {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 4, let writers = Int(arguments[3]) else { exit(2) }
        let database = try SQLiteDatabase(path: arguments[1])
        try await database.write([
            SQLStatement("CREATE TABLE IF NOT EXISTS counter (id BIGINT PRIMARY KEY, value BIGINT NOT NULL)"),
            SQLStatement("INSERT INTO counter (id, value) VALUES (1, 0) ON CONFLICT DO NOTHING"),
            SQLStatement("CREATE TABLE IF NOT EXISTS item (number BIGINT PRIMARY KEY, name TEXT NOT NULL)"),
        ])
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<writers {
                group.addTask { try await Self.write(database, "\(arguments[2])-\(writer)") }
            }
            try await group.waitForAll()
        }
    }

    private static func write(_ database: SQLiteDatabase, _ writer: String) async throws {
        for count in 1... {
            let name = "\(writer)-\(count)"
            let load = [SQLStatement("SELECT value FROM counter WHERE id = 1")]
            let written = try await database.transaction(load: load) { rows in
                let value: Int64 = try rows[0][0]["value"]
                return [
                    SQLStatement("UPDATE counter SET value = $1 WHERE id = 1", [.integer(value + 1)]),
                    SQLStatement(
                        "INSERT INTO item (number, name) VALUES ($1, $2) RETURNING number",
                        [.integer(value + 1), .text(name)]),
                ]
            }
            let number: Int64 = try written[1][0]["number"]
            try FileHandle.standardOutput.write(contentsOf: Data("\(name) \(number)\n".utf8))
        }
    }
}
