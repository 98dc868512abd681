// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import ArgumentParser
import HibikiChat
import HibikiMessaging
import HibikiPostgres
import HibikiSQL
import HibikiSQLite
import Logging

/// Durable messages per second: how many a database acknowledges, and how long each of them waits, when so many people
/// send, each the next message when the last one is acknowledged.
///
/// Beside the chat, with its group commit and all its rows, stands the plain way on the same database in the same run:
/// one INSERT of the same text, and one commit, for each message. Each result is one line of JSON.
@main
struct ChatBench: AsyncParsableCommand {
    @Option(help: "A file of SQLite that is not there yet.") var sqlite: String?
    @Option(help: "The connection string of an empty database of PostgreSQL.") var postgres: String?
    @Option(help: "How many people send at a time.") var senders = [1, 50, 500]
    @Option(help: "Rooms that the senders share.") var rooms = 10
    @Option(help: "Seconds of each measurement, after one that does not count.") var seconds = 5
    @Option(help: "Measurements of each kind.") var rounds = 3
    @Option(help: "Instead: how long a page of 50 takes from a room of so many messages.") var history: Int?

    func validate() throws {
        guard (self.sqlite == nil) != (self.postgres == nil) else { throw ValidationError("one database is needed") }
        guard self.rooms > 0, self.seconds > 0, self.rounds > 0, self.senders.allSatisfy({ $0 > 0 }),
            self.history ?? 1 > 0
        else {
            throw ValidationError("numbers have to be above 0")
        }
    }

    func run() async throws {
        if let sqlite = self.sqlite {
            var alone = SQLiteDatabase.Configuration()
            // The plain way: no transaction shares its commit with another.
            alone.mostTogether = 1
            try await self.measure("SQLite", try SQLiteDatabase(path: sqlite)) {
                try SQLiteDatabase(path: sqlite, configuration: alone)
            }
        } else if let postgres = self.postgres {
            let open = { PostgresDatabase(.init(postgres), logger: Logger(label: "bench")) }
            try await self.measure("PostgreSQL", open(), open)
        }
    }

    private func measure(
        _ name: String, _ database: any SQLDatabase, _ openPlain: () throws -> any SQLDatabase
    ) async throws {
        _ = try await SQLMigrator.hibiki.migrate(database, at: Clock.now().milliseconds)
        let most = self.senders.max() ?? 1
        let chat = try await ChatSender(database, senders: most, rooms: self.rooms)
        if let history = self.history {
            let reader = PageReader(chat: chat, messages: history)
            try await reader.fill()
            for (way, newest) in [("newest page", true), ("page anywhere", false)] {
                print(try await reader.read(newest: newest).json(database: name, way: way, senders: 1, round: 1))
            }
            await chat.stop()
            return await database.close()
        }
        let plainDatabase = try openPlain()
        let plain = try await PlainSender(plainDatabase, rooms: self.rooms)
        for senders in self.senders {
            // In turns, so that what else happens on the machine meets both.
            for round in 1...self.rounds {
                for (way, sender) in [("plain", plain), ("chat", chat)] as [(String, any Sender)] {
                    let load = Load(sender: sender, senders: senders, duration: .seconds(self.seconds))
                    print(try await load.run().json(database: name, way: way, senders: senders, round: round))
                }
            }
        }
        await chat.stop()
        await plainDatabase.close()
        await database.close()
    }
}
