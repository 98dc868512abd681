// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiPostgres
import HibikiSQL
import HibikiTestSupport
import Logging

/// Runs `body` with an empty database of the shared server.
func withDatabase<Result>(
    _ change: (inout PostgresDatabase.Configuration) -> Void = { _ in },
    _ body: (PostgresDatabase) async throws -> Result
) async throws -> Result {
    let server = try await PostgresServer.shared
    let name = try await server.makeDatabase()
    return try await withDatabase(server.connectionString(name), change) { database in
        try await body(database)
    } finally: {
        try await server.dropDatabase(name)
    }
}

/// Runs `body` with a database by its connection string, and closes it.
func withDatabase<Result>(
    _ connectionString: String, _ change: (inout PostgresDatabase.Configuration) -> Void = { _ in },
    _ body: (PostgresDatabase) async throws -> Result, finally: () async throws -> Void = {}
) async throws -> Result {
    var configuration = PostgresDatabase.Configuration(connectionString)
    // A busy machine is no failure of a test.
    configuration.waitLimit = .seconds(60)
    configuration.connectTimeLimit = .seconds(60)
    configuration.statementTimeLimit = .seconds(60)
    change(&configuration)
    let database = PostgresDatabase(configuration, logger: quiet)
    let result: Swift.Result<Result, any Error>
    do { result = .success(try await body(database)) } catch { result = .failure(error) }
    await database.close()
    try await finally()
    return try result.get()
}

/// Waits for what other processes or tasks bring about.
func eventually(_ condition: () async throws -> Bool) async throws {
    while try await !condition() { try await Task.sleep(for: .milliseconds(5)) }
}

/// The lost connections of these tests are meant to be lost.
let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
