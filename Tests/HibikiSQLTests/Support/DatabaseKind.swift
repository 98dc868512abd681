// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Foundation
import HibikiPostgres
import HibikiSQL
import HibikiSQLite
import HibikiTestSupport
import Logging
import Testing

/// The databases that every contract is checked with.
enum DatabaseKind: String, CaseIterable, CustomTestStringConvertible {
    case sqlite
    case postgres

    var testDescription: String { self.rawValue }

    /// Runs `body` with an empty database, which is gone afterwards.
    func withDatabase<Result>(_ body: (any SQLDatabase) async throws -> Result) async throws -> Result {
        switch self {
        case .sqlite: return try await withSQLite { try await body(try SQLiteDatabase(path: $0)) }
        case .postgres: return try await withPostgres(body)
        }
    }
}

/// Runs `body` with the path of a database that is not there yet, in a folder of its own.
func withSQLite<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "hibiki-test-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try await body(folder + "/hibiki.sqlite")
}

/// Runs `body` with an empty database of the PostgreSQL that all tests share.
func withPostgres<Result>(_ body: (any SQLDatabase) async throws -> Result) async throws -> Result {
    let server = try await PostgresServer.shared
    let name = try await server.makeDatabase()
    var configuration = PostgresDatabase.Configuration(server.connectionString(name))
    // A busy machine is no failure of a test.
    configuration.waitLimit = .seconds(60)
    let database = PostgresDatabase(configuration, logger: Logger(label: "test"))
    let result: Swift.Result<Result, any Error>
    do { result = .success(try await body(database)) } catch { result = .failure(error) }
    await database.close()
    try await server.dropDatabase(name)
    return try result.get()
}
