// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Foundation
import HibikiSQL
import HibikiSQLite
import Testing

@Suite struct SQLiteDatabaseTests {
    private static let table = SQLStatement("CREATE TABLE item (id BIGINT PRIMARY KEY)")

    private func insert(_ id: Int64) -> SQLStatement {
        SQLStatement("INSERT INTO item (id) VALUES ($1)", [.integer(id)])
    }

    @Test func `every commit waits for the disk`() async throws {
        try await withSQLite { path in
            let database = try SQLiteDatabase(path: path)
            let settings = try await database.write([
                SQLStatement("PRAGMA journal_mode"), SQLStatement("PRAGMA synchronous"),
            ])
            #expect(try settings[0][0]["journal_mode"] == "wal")
            #expect(try settings[1][0]["synchronous"] == 2)
            await database.close()
        }
    }

    @Test func `the file is its owner's, and its log too`() async throws {
        try await withSQLite { path in
            let database = try SQLiteDatabase(path: path)
            try await database.write([Self.table])
            for file in [path, path + "-wal"] {
                let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
                #expect(mode == 0o600)
            }
            await database.close()
        }
    }

    @Test func `a close leaves one file, with everything in it`() async throws {
        try await withSQLite { path in
            let first = try SQLiteDatabase(path: path)
            try await first.write([Self.table, self.insert(1)])
            await first.close()
            #expect(!FileManager.default.fileExists(atPath: path + "-wal"))
            let second = try SQLiteDatabase(path: path)
            #expect(try await second.read(SQLStatement("SELECT id FROM item")).count == 1)
            await second.close()
        }
    }

    @Test func `two databases on one file take turns`() async throws {
        try await withSQLite { path in
            let databases = [try SQLiteDatabase(path: path), try SQLiteDatabase(path: path)]
            try await databases[0].write([Self.table])
            try await withThrowingTaskGroup(of: Void.self) { group in
                for id in 0..<200 {
                    group.addTask { try await databases[id % 2].write([self.insert(Int64(id))]) }
                }
                try await group.waitForAll()
            }
            #expect(try await databases[0].read(SQLStatement("SELECT id FROM item")).count == 200)
            for database in databases { await database.close() }
        }
    }

    @Test func `more transactions than may wait are refused, and those that wait are written`() async throws {
        try await withSQLite { path in
            var configuration = SQLiteDatabase.Configuration()
            configuration.mostWaiting = 10
            let database = try SQLiteDatabase(path: path, configuration: configuration)
            try await database.write([Self.table])
            let (isHeld, held) = AsyncStream<Void>.makeStream()
            let gate = DispatchSemaphore(value: 0)
            let holder = Task {
                try await database.transaction(load: []) { _ in
                    held.finish()
                    gate.wait()
                    return []
                }
            }
            for await _ in isHeld {}
            let codes = await withTaskGroup(of: SQLError.Code?.self) { group in
                for id in 0..<50 {
                    group.addTask { await self.code { try await database.write([self.insert(Int64(id))]) } }
                }
                var codes: [SQLError.Code?] = []
                for await code in group {
                    codes.append(code)
                    if codes.count == 40 { gate.signal() }
                }
                return codes
            }
            _ = try await holder.value
            #expect(codes.prefix(40).allSatisfy { $0 == .overloaded })
            #expect(codes.suffix(10).allSatisfy { $0 == nil })
            #expect(try await database.read(SQLStatement("SELECT id FROM item")).count == 10)
            await database.close()
        }
    }

    private func code(_ body: () async throws -> Void) async -> SQLError.Code? {
        do {
            try await body()
            return nil
        } catch {
            return (error as? SQLError)?.code ?? .failed
        }
    }

    @Test(arguments: ["/nowhere/hibiki.sqlite", "/proc/hibiki.sqlite"])
    func `a place where no file can be is named`(_ path: String) throws {
        let error = #expect(throws: SQLError.self) { try SQLiteDatabase(path: path) }
        #expect(error?.code == .unavailable)
        #expect(error?.message.hasPrefix(path) == true)
    }

    @Test func `a file that is no database is refused`() async throws {
        try await withSQLite { path in
            try String(repeating: "This is no database. ", count: 100).write(
                toFile: path, atomically: false, encoding: .utf8)
            let error = #expect(throws: SQLError.self) { try SQLiteDatabase(path: path) }
            #expect(error?.code == .damaged)
        }
    }
}
