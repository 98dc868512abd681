// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import ArgumentParser
import HibikiMessaging
import HibikiSQL
import HibikiServer
import HibikiTransports

struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Bring the database to the schema of this version.",
        discussion: """
            `hibiki serve` does this by itself when it starts. Do it before where the server may not change tables, where \
            several are about to start with a new version, or to see that it works. All steps that are missing are one \
            transaction. A database that a newer version has used is refused and left as it is; there is no way back but a \
            backup (hibiki backup --help).

            EXAMPLES
              hibiki migrate --data /var/lib/hibiki
              hibiki migrate --store postgres://hibiki@db.example.com/hibiki
              hibiki migrate --check       # changes nothing; the exit status is 1 if steps are missing
            """
    )

    @Flag(help: "Change nothing; fail if steps are missing.") var check = false
    @OptionGroup(title: "Settings, as of serve") var options: StoreOptions

    func run() async throws {
        try await storeAdvised {
            let settings = try await self.options.read()
            guard let database = try await settings.connect(for: self.check ? .inspection : .migration) else { return }
            do {
                try await self.migrate(database, settings.store)
                await database.close()
            } catch {
                await database.close()
                throw error
            }
        }
    }

    private func migrate(_ database: any SQLDatabase, _ store: StoreConfiguration) async throws {
        let migrator = SQLMigrator.hibiki
        let outcome =
            self.check
            ? try await migrator.check(database)
            : try await migrator.migrate(database, at: Timestamp.now().milliseconds)
        guard !outcome.steps.isEmpty else {
            print("\(store) has schema \(migrator.version), which is the one of this version")
            return
        }
        for step in outcome.steps { print("\(self.check ? "missing" : "done"): \(step.number) \(step.name)") }
        guard self.check else {
            print("\(store) had schema \(outcome.before) and has \(migrator.version)")
            return
        }
        print("\(store) has schema \(outcome.before), and this version has \(migrator.version)")
        throw ExitCode(1)
    }
}
