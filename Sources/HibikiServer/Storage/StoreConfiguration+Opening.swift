// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiPostgres
public import HibikiSQL
import HibikiSQLite
import HibikiTransports
public import Logging

extension StoreConfiguration {
    /// What a database is opened for.
    public enum Purpose: Hashable, Sendable {
        /// What a server does: a statement may take as long as the driver says.
        case service
        /// Changing tables, which takes as long as it takes.
        case migration
        /// Looking at a database that has to be there.
        case inspection
    }

    /// The database, as it is; `nil` for ``memory``.
    ///
    /// - Parameters:
    ///   - dataFolder: the setting `data`, for ``automatic``; made if it is not there. Empty for none.
    ///   - limits: for PostgreSQL.
    public func connect(
        for purpose: Purpose, dataFolder: String, limits: StoreLimits = StoreLimits(), logger: Logger
    ) async throws -> (any SQLDatabase)? {
        switch self.resolved(dataFolder: dataFolder) {
        case .automatic, .memory:
            return nil
        case .sqlite(let path):
            if self == .automatic, purpose != .inspection { try SystemFile.makeFolder(dataFolder) }
            var configuration = SQLiteDatabase.Configuration()
            configuration.makesFile = purpose != .inspection
            return try SQLiteDatabase(path: path, configuration: configuration)
        case .postgres(let url):
            var configuration = PostgresDatabase.Configuration(url)
            configuration.connections = limits.connections
            configuration.waitLimit = limits.wait
            configuration.statementTimeLimit = purpose == .migration ? nil : limits.statement
            return PostgresDatabase(configuration, logger: logger)
        }
    }

    /// The database, brought to the schema of this program; `nil` for ``memory``.
    public func open(
        dataFolder: String, limits: StoreLimits = StoreLimits(), logger: Logger
    ) async throws -> (any SQLDatabase)? {
        let migrated = try await self.connect(for: .migration, dataFolder: dataFolder, limits: limits, logger: logger)
        guard let migrated else { return nil }
        do {
            let outcome = try await SQLMigrator.hibiki.migrate(migrated, at: Timestamp.now().milliseconds)
            for step in outcome.steps {
                logger.notice(
                    "the database was migrated", metadata: ["schema": "\(step.number)", "name": "\(step.name)"])
            }
        } catch {
            await migrated.close()
            throw error
        }
        await migrated.close()
        return try await self.connect(for: .service, dataFolder: dataFolder, limits: limits, logger: logger)
    }
}
