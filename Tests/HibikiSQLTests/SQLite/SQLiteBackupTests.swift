// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Foundation
import HibikiSQL
import HibikiSQLite
import Synchronization
import Testing

@Suite struct SQLiteBackupTests {
    private func open(_ path: String, items: ClosedRange<Int64>) async throws -> SQLiteDatabase {
        let database = try SQLiteDatabase(path: path)
        try await database.write([SQLStatement("CREATE TABLE item (id BIGINT PRIMARY KEY)")])
        try await database.write(SQLStatement.insert(into: "item", ["id"], rows: items.map { [.integer($0)] }))
        return database
    }

    private func items(_ path: String) async throws -> Int {
        let database = try SQLiteDatabase(path: path)
        let count = try await database.read(SQLStatement("SELECT id FROM item")).count
        await database.close()
        return count
    }

    private func restore(_ backup: String, to path: String) async throws -> Bool {
        try await SQLiteBackup.restore(backup, to: path, keeping: path + ".before") { copy in
            #expect(try await copy.read(SQLStatement("SELECT id FROM item")).count == 10)
            try await copy.write([SQLStatement("CREATE TABLE later (id BIGINT)")])
        }
    }

    @Test func `a backup is one file of what was there, while the server writes`() async throws {
        try await withSQLite { path in
            let database = try await self.open(path, items: 1...100)
            let writer = Task {
                for id in Int64(101)...200 {
                    try await database.write([SQLStatement("INSERT INTO item VALUES (\(id))")])
                }
            }
            try SQLiteBackup.write(path, to: path + ".backup")
            try await writer.value
            await database.close()
            let files = try FileManager.default.contentsOfDirectory(
                atPath: URL(fileURLWithPath: path).deletingLastPathComponent().path)
            #expect(files.sorted() == ["hibiki.sqlite", "hibiki.sqlite.backup"])
            #expect((100...200).contains(try await self.items(path + ".backup")))
            #expect(try await self.items(path) == 200)
        }
    }

    @Test func `a backup replaces no file`() async throws {
        try await withSQLite { path in
            await (try await self.open(path, items: 1...1)).close()
            try "kept".write(toFile: path + ".backup", atomically: true, encoding: .utf8)
            #expect(throws: SQLError.self) { try SQLiteBackup.write(path, to: path + ".backup") }
            #expect(try String(contentsOfFile: path + ".backup", encoding: .utf8) == "kept")
        }
    }

    @Test func `a restored database is the backup, and what was there is kept`() async throws {
        try await withSQLite { path in
            let database = try await self.open(path, items: 1...10)
            try SQLiteBackup.write(path, to: path + ".backup")
            try await database.write([SQLStatement("INSERT INTO item VALUES (11)")])
            await database.close()
            #expect(try await self.restore(path + ".backup", to: path))
            let files = try FileManager.default.contentsOfDirectory(
                atPath: URL(fileURLWithPath: path).deletingLastPathComponent().path)
            #expect(files.sorted() == ["hibiki.sqlite", "hibiki.sqlite.backup", "hibiki.sqlite.before"])
            #expect(try await self.items(path) == 10)
            let restored = try SQLiteDatabase(path: path)
            #expect(try await restored.read(SQLStatement("SELECT id FROM later")).isEmpty)
            await restored.close()
            #expect(try await self.items(path + ".before") == 11)
        }
    }

    @Test func `a database comes from a backup where there is none`() async throws {
        try await withSQLite { path in
            let database = try await self.open(path, items: 1...10)
            try SQLiteBackup.write(path, to: path + ".backup")
            await database.close()
            #expect(try await !self.restore(path + ".backup", to: path + ".new"))
            #expect(try await self.items(path + ".new") == 10)
        }
    }

    @Test func `a database that is open is not replaced`() async throws {
        try await withSQLite { path in
            let database = try await self.open(path, items: 1...10)
            try SQLiteBackup.write(path, to: path + ".backup")
            let error = await #expect(throws: SQLError.self) { try await self.restore(path + ".backup", to: path) }
            #expect(error?.code == .busy)
            try await database.write([SQLStatement("INSERT INTO item VALUES (11)")])
            await database.close()
            #expect(try await self.items(path) == 11)
        }
    }

    @Test func `a damaged database is replaced, and kept, and leaves no log beside the new one`() async throws {
        try await withSQLite { path in
            let database = try await self.open(path, items: 1...10)
            try SQLiteBackup.write(path, to: path + ".backup")
            await database.close()
            for (end, text) in [("", "no database "), ("-wal", "log "), ("-shm", "index ")] {
                try String(repeating: text, count: 1_000).write(toFile: path + end, atomically: true, encoding: .utf8)
            }
            #expect(try await self.restore(path + ".backup", to: path))
            #expect(try await self.items(path) == 10)
            #expect(try String(contentsOfFile: path + ".before", encoding: .utf8).hasPrefix("no database "))
            #expect(!SQLiteBackupTests.exists(path + "-wal") && !SQLiteBackupTests.exists(path + "-shm"))
        }
    }

    @Test func `a server that is started while the copy is checked is noticed`() async throws {
        try await withSQLite { path in
            let database = try await self.open(path, items: 1...10)
            try SQLiteBackup.write(path, to: path + ".backup")
            await database.close()
            for target in [path, path + ".new"] {
                let server = Mutex<SQLiteDatabase?>(nil)
                let error = await #expect(throws: SQLError.self) {
                    _ = try await SQLiteBackup.restore(path + ".backup", to: target, keeping: path + ".before") { _ in
                        let started = try SQLiteDatabase(path: target)
                        try await started.write([SQLStatement("CREATE TABLE newer (id BIGINT)")])
                        server.withLock { $0 = started }
                    }
                }
                #expect(error?.code == .busy)
                let started = try #require(server.withLock { $0 })
                #expect(try await started.read(SQLStatement("SELECT id FROM newer")).isEmpty)
                await started.close()
                #expect(!SQLiteBackupTests.exists(path + ".before"))
            }
        }
    }

    @Test func `what is restored has the owner and the mode of what was there, or the owner of the folder`()
        async throws
    {
        try await withSQLite { path in
            let database = try await self.open(path, items: 1...10)
            try SQLiteBackup.write(path, to: path + ".backup")
            await database.close()
            let files = FileManager.default
            // Only root may give files away; others own all of this.
            let owner: Int? = geteuid() == 0 ? 65_534 : nil
            let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
            for file in [path, folder] {
                guard let owner else { continue }
                try files.setAttributes([.ownerAccountID: owner, .groupOwnerAccountID: owner], ofItemAtPath: file)
            }
            try files.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
            _ = try await self.restore(path + ".backup", to: path)
            _ = try await self.restore(path + ".backup", to: path + ".new")
            for (file, mode) in [(path, 0o640), (path + ".new", 0o600)] {
                let attributes = try files.attributesOfItem(atPath: file)
                #expect(attributes[.posixPermissions] as? Int == mode)
                #expect(attributes[.ownerAccountID] as? Int == owner ?? Int(geteuid()))
            }
        }
    }

    @Test func `what is no backup, or is refused, changes nothing`() async throws {
        struct Refusal: Error {}
        try await withSQLite { path in
            let database = try await self.open(path, items: 1...10)
            try SQLiteBackup.write(path, to: path + ".backup")
            await database.close()
            try String(repeating: "no database ", count: 1_000).write(
                toFile: path + ".text", atomically: true, encoding: .utf8)
            let error = await #expect(throws: SQLError.self) { try await self.restore(path + ".text", to: path) }
            #expect(error?.code == .damaged)
            await #expect(throws: Refusal.self) {
                _ = try await SQLiteBackup.restore(path + ".backup", to: path, keeping: path + ".before") { _ in
                    throw Refusal()
                }
            }
            #expect(!SQLiteBackupTests.exists(path + ".restoring") && !SQLiteBackupTests.exists(path + ".before"))
            #expect(try await self.items(path) == 10)
        }
    }

    private static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: path)
    }
}
