// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Foundation
import HibikiSQL
import HibikiSQLite
import Testing

/// The databases that every contract is checked with.
enum DatabaseKind: String, CaseIterable, CustomTestStringConvertible {
    case sqlite

    var testDescription: String { self.rawValue }

    /// Runs `body` with an empty database, which is gone afterwards.
    func withDatabase<Result>(_ body: (any SQLDatabase) async throws -> Result) async throws -> Result {
        switch self {
        case .sqlite: try await withSQLite { try await body(try SQLiteDatabase(path: $0)) }
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
