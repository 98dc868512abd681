// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import ArgumentParser
import HibikiSQL
import HibikiSQLite

struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy the database into one file, while the server runs.",
        discussion: """
            The file holds everything as it was at one moment: rooms, messages, members, the index of the search. It is checked \
            before it gets its name, and replaces nothing. Only its owner may read it. `hibiki restore` puts it back, and so \
            does copying it to where the database was. Uploaded files are not in it.

            PostgreSQL has a tool of its own for this, and this command says how it is called.

            EXAMPLES
              hibiki backup --data /var/lib/hibiki /backup/hibiki-$(date +%F).sqlite
              HIBIKI_STORE=sqlite:/srv/chat.sqlite hibiki backup chat.backup
            """
    )

    @Argument(help: ArgumentHelp("The file to be made.", valueName: "file"))
    var file: String

    @OptionGroup(title: "Settings, as of serve") var options: StoreOptions

    func run() async throws {
        let store = try await self.options.read().store
        guard case .sqlite(let path) = store else {
            throw ValidationError(
                """
                The database is PostgreSQL. Copy it, while the server runs, with its own tool:
                  pg_dump --format=custom --file=\(self.file) "\(store)"
                and put it back, into an empty database and with no server running, with
                  pg_restore --dbname="\(store)" \(self.file)
                """)
        }
        try await storeAdvised {
            let bytes = try SQLiteBackup.write(path, to: self.file)
            print("\(self.file) has \(path) as it was just now: \(bytes) bytes, checked")
        }
    }
}
