// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import ArgumentParser
import HibikiMessaging
import HibikiSQL
import HibikiSQLite
import HibikiServer
import HibikiTransports

struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Put a backup in the place of the database.",
        discussion: """
            Stop the server first: a database that is open is not replaced. The backup is copied and checked before anything is \
            changed, then brought to the schema of this version, and takes its place in one step. What was there stays beside \
            it, with .before- and a number behind its name; remove it when all is well.

            EXAMPLES
              hibiki restore --data /var/lib/hibiki /backup/hibiki-2026-11-21.sqlite
              hibiki restore --store sqlite:/srv/chat.sqlite chat.backup
            """
    )

    @Argument(help: ArgumentHelp("What `hibiki backup` has made.", valueName: "file"))
    var file: String

    @OptionGroup(title: "Settings, as of serve") var options: StoreOptions

    func run() async throws {
        let settings = try await self.options.read()
        let store = settings.store
        guard case .sqlite(let path) = store else {
            throw ValidationError(
                """
                The database is PostgreSQL. Put a backup of pg_dump back, into an empty database and with no server running, with
                  pg_restore --dbname="\(store)" \(self.file)
                """)
        }
        let now = Timestamp.now().milliseconds
        // Held to the end: no server starts in the folder meanwhile.
        let lock = try settings.dataFolder.isEmpty ? nil : FolderLock.ifThere(settings.dataFolder)
        defer { lock?.release() }
        let previous = "\(path).before-\(now)"
        try await storeAdvised {
            let wasThere = try await SQLiteBackup.restore(self.file, to: path, keeping: previous) { copy in
                guard try await SQLMigrator.hibiki.check(copy).before > 0 else {
                    throw SQLError(.schema, "\(self.file) is no backup of Hibiki")
                }
                _ = try await SQLMigrator.hibiki.migrate(copy, at: now)
            }
            print("\(path) is what \(self.file) holds" + (wasThere ? "; what was there is \(previous)" : ""))
        }
    }
}
