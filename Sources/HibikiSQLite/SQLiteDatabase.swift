// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

internal import Dispatch
internal import GRDB
public import HibikiSQL
internal import Synchronization

/// A file of SQLite: one writer, which commits together what waits together, and readers that neither wait for it nor
/// hold it up.
///
/// The file is in WAL mode and its log is synchronised at every commit (`synchronous=FULL`): what was acknowledged is
/// there after `kill -9`, and after a loss of power where the disk does what it says. Beside `hibiki.sqlite` there are
/// `hibiki.sqlite-wal` and `-shm` while it is open; they belong to it. It has to be on a disk of this machine, not on a
/// network's. Several processes may open it.
public final class SQLiteDatabase: SQLDatabase {
    public struct Configuration: Hashable, Sendable {
        /// Reads that run at one time; others wait. Each reader has a connection and up to 2 MB of pages.
        public var readers = 4
        /// Reads that may wait; one more throws `overloaded`.
        public var mostWaitingReads = 10_000
        /// How long a commit waits for another process that writes, before it throws `busy`.
        public var busyTimeout: Duration = .seconds(10)
        /// Transactions that may wait to be written; one more throws `overloaded`.
        public var mostWaiting = 10_000
        /// Transactions in one commit. It bounds how long the first of them waits for the last.
        public var mostTogether = 1_000
        /// Whether a file that is not there is made.
        public var makesFile = true

        public init() {}
    }

    public let dialect = SQLDialect.sqlite
    private let pool: DatabasePool
    private let queue: CommitQueue
    private let configuration: Configuration
    private let reads = Atomic(0)

    /// Opens the file, or makes it (mode 0600). Its folder has to be there.
    public init(path: String, configuration: Configuration = Configuration()) throws(SQLError) {
        do {
            guard configuration.makesFile || SQLiteFile.exists(path) else {
                throw SQLError(.unavailable, "there is no such file")
            }
            try SQLiteFile.prepare(path)
            self.pool = try DatabasePool(path: path, configuration: Self.settings(configuration))
            try self.pool.writeWithoutTransaction { try Self.setDurability($0) }
        } catch {
            let error = SQLError(error)
            throw SQLError(error.code, "\(path): \(error.message)")
        }
        self.configuration = configuration
        self.queue = CommitQueue(
            self.pool, mostWaiting: configuration.mostWaiting, mostTogether: configuration.mostTogether)
    }

    public func read(_ statements: [SQLStatement]) async throws(SQLError) -> [SQLRows] {
        let waiting = self.reads.add(1, ordering: .relaxed).newValue
        defer { self.reads.subtract(1, ordering: .relaxed) }
        guard waiting <= self.configuration.mostWaitingReads else {
            throw SQLError(.overloaded, "\(self.configuration.mostWaitingReads) reads wait for the database already")
        }
        let result: Result<[SQLRows], SQLError> = await withCheckedContinuation { continuation in
            self.pool.asyncRead { database in
                continuation.resume(returning: Self.run(statements, database))
            }
        }
        return try result.get()
    }

    public func transaction(
        load: [SQLStatement], _ decide: @escaping @Sendable ([SQLRows]) throws -> [SQLStatement]
    ) async throws -> [SQLRows] {
        try await self.queue.commit(load: load, decide)
    }

    public func close() async {
        self.queue.close()
        let pool = self.pool
        await withCheckedContinuation { continuation in
            // It waits for what is being done, which no thread of Swift's own may.
            DispatchQueue.global().async {
                // Who closes last puts the log into the file and removes it, which readers may not: they go first.
                try? pool.barrierWriteWithoutTransaction { _ in pool.invalidateReadOnlyConnections() }
                try? pool.close()
                continuation.resume()
            }
        }
    }

    private static func run(
        _ statements: [SQLStatement], _ database: Result<Database, any Error>
    ) -> Result<[SQLRows], SQLError> {
        do {
            return .success(try SQLiteConnection(database: try database.get()).run(statements))
        } catch {
            return .failure(SQLError(error))
        }
    }

    private static func settings(_ configuration: Configuration) -> GRDB.Configuration {
        var settings = GRDB.Configuration()
        settings.label = "hibiki"
        settings.maximumReaderCount = configuration.readers
        settings.busyMode = .timeout(configuration.busyTimeout / .seconds(1))
        return settings
    }

    /// GRDB leaves a file in WAL mode with `synchronous=NORMAL`, with which a loss of power takes the last commits.
    /// `fullfsync` is what makes a Mac wait for its disk; elsewhere it does nothing. What undoes a savepoint is kept in memory,
    /// and the cache, 16 MiB in place of 2, holds the pages of the indices that a batch changes.
    private static func setDurability(_ database: Database) throws {
        try database.execute(
            sql: """
                PRAGMA synchronous = FULL;
                PRAGMA fullfsync = 1;
                PRAGMA journal_size_limit = 67108864;
                PRAGMA temp_store = MEMORY;
                PRAGMA cache_size = -16384;
                """)
    }
}
