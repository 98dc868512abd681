// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

internal import Foundation
internal import HibikiSQL

/// The file before SQLite has it.
enum SQLiteFile {
    /// Makes it for its owner alone, before anything is in it. SQLite gives its log the same mode.
    static func prepare(_ path: String) throws(SQLError) {
        let files = FileManager.default
        guard !files.fileExists(atPath: path) else { return }
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        guard files.fileExists(atPath: folder) else {
            throw SQLError(.unavailable, "there is no folder \(folder)")
        }
        guard files.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]) else {
            throw SQLError(.unavailable, "no file can be made there")
        }
    }
}
