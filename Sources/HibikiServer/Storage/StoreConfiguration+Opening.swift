// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
public import HibikiSQL
import HibikiSQLite
import HibikiTransports
public import Logging

extension StoreConfiguration {
    /// The database, as it is; `nil` for ``memory``.
    ///
    /// - Parameters:
    ///   - dataFolder: the setting `data`, for ``automatic``; made if it is not there. Empty for none.
    ///   - makesFile: whether a file of SQLite that is not there is made.
    public func connect(dataFolder: String, makesFile: Bool = true) async throws -> (any SQLDatabase)? {
        switch self.resolved(dataFolder: dataFolder) {
        case .automatic, .memory:
            return nil
        case .sqlite(let path):
            if self == .automatic, makesFile { try SystemFile.makeFolder(dataFolder) }
            var configuration = SQLiteDatabase.Configuration()
            configuration.makesFile = makesFile
            return try SQLiteDatabase(path: path, configuration: configuration)
        case .postgres:
            throw SQLError(.unavailable, "this program was built without a driver for PostgreSQL")
        }
    }

    /// The database, brought to the schema of this program; `nil` for ``memory``.
    public func open(dataFolder: String, logger: Logger) async throws -> (any SQLDatabase)? {
        guard let database = try await self.connect(dataFolder: dataFolder) else { return nil }
        do {
            let outcome = try await SQLMigrator.hibiki.migrate(database, at: Timestamp.now().milliseconds)
            for step in outcome.steps {
                logger.notice(
                    "the database was migrated", metadata: ["schema": "\(step.number)", "name": "\(step.name)"])
            }
            return database
        } catch {
            await database.close()
            throw error
        }
    }
}
