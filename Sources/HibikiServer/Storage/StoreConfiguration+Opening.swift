// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiPostgres
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
    ///   - migrates: to change the schema: PostgreSQL takes as long for a statement as it needs, waiting for another node
    ///     included.
    public func connect(
        dataFolder: String, makesFile: Bool = true, migrates: Bool = false
    ) async throws -> (any SQLDatabase)? {
        switch self.resolved(dataFolder: dataFolder) {
        case .automatic, .memory:
            return nil
        case .sqlite(let path):
            if self == .automatic, makesFile { try SystemFile.makeFolder(dataFolder) }
            var configuration = SQLiteDatabase.Configuration()
            configuration.makesFile = makesFile
            return try SQLiteDatabase(path: path, configuration: configuration)
        case .postgres(let url):
            var configuration = PostgresDatabase.Configuration(url)
            if migrates { configuration.statementTimeLimit = nil }
            return PostgresDatabase(configuration, logger: Logger(label: "hibiki.postgres"))
        }
    }

    /// The database, brought to the schema of this program; `nil` for ``memory``.
    public func open(dataFolder: String, logger: Logger) async throws -> (any SQLDatabase)? {
        guard let database = try await self.connect(dataFolder: dataFolder, migrates: true) else { return nil }
        do {
            let outcome = try await SQLMigrator.hibiki.migrate(database, at: Timestamp.now().milliseconds)
            for step in outcome.steps {
                logger.notice(
                    "the database was migrated", metadata: ["schema": "\(step.number)", "name": "\(step.name)"])
            }
            guard case .postgres = self else { return database }
            await database.close()
            return try await self.connect(dataFolder: dataFolder)
        } catch {
            await database.close()
            throw error
        }
    }
}
