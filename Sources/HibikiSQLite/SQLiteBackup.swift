// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

internal import Foundation
internal import GRDB
public import HibikiSQL

/// Copies of a database of SQLite, as one file.
public enum SQLiteBackup {
    /// Writes all of a database into a new file, as it is at one moment, while a server goes on reading and writing.
    ///
    /// The copy stands beside the file as `…partial` until it is complete and was checked; then it gets its name. A file of that
    /// name is not replaced.
    ///
    /// - Returns: how many bytes it has.
    @discardableResult
    public static func write(_ path: String, to target: String) throws(SQLError) -> Int64 {
        try self.named(target) {
            guard SQLiteFile.exists(path) else { throw SQLError(.unavailable, "there is no database at \(path)") }
            guard !SQLiteFile.exists(target) else {
                throw SQLError(.unavailable, "there is a file already, and it is not replaced")
            }
            let partial = target + ".partial"
            try self.copy(path, to: partial)
            try SQLiteFile.move(partial, onto: target)
            return SQLiteFile.size(target)
        }
    }

    /// Puts a backup in the place of a database that nobody uses, and gives it the same owner and mode. What was there stays
    /// beside it, as `previous`, even if it is damaged.
    ///
    /// - Parameters:
    ///   - previous: the name for what was there; a file of that name is not replaced.
    ///   - check: looks at the copy before it gets its place, and throws if it is not to.
    /// - Returns: whether something was there.
    public static func restore(
        _ backup: String, to path: String, keeping previous: String,
        _ check: (any SQLDatabase) async throws -> Void
    ) async throws -> Bool {
        guard SQLiteFile.exists(backup) else { throw SQLError(.unavailable, "there is no file \(backup)") }
        let isThere = SQLiteFile.exists(path)
        if isThere { _ = try self.named(path) { try self.ensureUnused(path) } }
        let partial = path + ".restoring"
        try self.named(backup) { try self.copy(backup, to: partial) }
        do {
            let copy = try SQLiteDatabase(path: partial)
            do {
                try await check(copy)
                await copy.close()
            } catch {
                await copy.close()
                throw error
            }
            guard !SQLiteFile.exists(partial + "-wal") else {
                throw SQLError(.failed, "\(partial) could not be closed")
            }
            let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
            try SQLiteFile.adopt(partial, asOf: isThere ? path : folder)
            try self.makeRoom(path, wasThere: isThere, keeping: previous)
            try SQLiteFile.move(partial, onto: path)
        } catch {
            for file in [partial, partial + "-wal", partial + "-shm"] { try? SQLiteFile.remove(file) }
            throw error
        }
        return isThere
    }

    /// A copy that has been checked, in one file without a log beside it.
    private static func copy(_ path: String, to target: String) throws {
        try SQLiteFile.remove(target)
        try SQLiteFile.prepare(target)
        do {
            var settings = Configuration()
            settings.readonly = true
            settings.busyMode = .timeout(10)
            let source = try DatabaseQueue(path: path, configuration: settings)
            let copy = try DatabaseQueue(path: target)
            try source.backup(to: copy)
            try copy.writeWithoutTransaction { database in
                let found = try String.fetchAll(database, sql: "PRAGMA integrity_check(1)")
                guard found == ["ok"] else {
                    throw SQLError(.damaged, found.first ?? "nothing can be read")
                }
                try database.execute(sql: "PRAGMA journal_mode = DELETE")
            }
            try copy.close()
            try source.close()
        } catch {
            try? SQLiteFile.remove(target)
            throw error
        }
    }

    /// Gives what is there a second name, and looks once more whether a server was started since: the copy took its time.
    private static func makeRoom(_ path: String, wasThere: Bool, keeping previous: String) throws {
        guard wasThere else {
            guard !SQLiteFile.exists(path) else { throw self.inUse }
            return
        }
        let isReadable = try self.named(path) { try self.ensureUnused(path) }
        guard !isReadable || !SQLiteFile.exists(path + "-wal") else { throw self.inUse }
        try SQLiteFile.addName(to: path, previous)
        // The log of a file that cannot be read is still beside it, and is not to be taken for that of the new one.
        for end in ["-wal", "-shm", "-journal"] where SQLiteFile.exists(path + end) {
            try SQLiteFile.move(path + end, onto: previous + end)
        }
    }

    private static var inUse: SQLError { SQLError(.busy, "a server has this database open; stop it first") }

    /// Throws if another process has the database open. Whoever does keeps a lock that stands in the way of leaving WAL mode.
    ///
    /// - Returns: `false` for a file that is no database or is damaged, of which nobody can say it.
    private static func ensureUnused(_ path: String) throws -> Bool {
        do {
            let database = try DatabaseQueue(path: path)
            try database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
            try database.close()
            return true
        } catch let error as DatabaseError where [.SQLITE_BUSY, .SQLITE_LOCKED].contains(error.resultCode) {
            throw self.inUse
        } catch let error as DatabaseError where [.SQLITE_NOTADB, .SQLITE_CORRUPT].contains(error.resultCode) {
            return false
        }
    }

    /// Errors begin with the file that they are about.
    private static func named<Result>(_ path: String, _ body: () throws -> Result) throws(SQLError) -> Result {
        do {
            return try body()
        } catch {
            let error = SQLError(error)
            throw SQLError(error.code, "\(path): \(error.message)")
        }
    }
}
