// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiSQL

/// One row and one commit for each message, and nothing else: what a program does that thinks no further.
struct PlainSender: Sender {
    private let database: any SQLDatabase
    private let rooms: Int

    init(_ database: any SQLDatabase, rooms: Int) async throws {
        self.database = database
        self.rooms = rooms
        let number = database.dialect == .sqlite ? "INTEGER PRIMARY KEY" : "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
        try await database.write([
            SQLStatement(
                "CREATE TABLE plain (id \(number), room TEXT NOT NULL, person TEXT NOT NULL, content TEXT NOT NULL, time BIGINT NOT NULL)")
        ])
    }

    func send(_ text: String, by sender: Int) async throws {
        let values: [SQLValue] = [
            .text("room-\(sender % self.rooms)"), .text("person-\(sender)"), .text(text),
            .integer(Clock.now().milliseconds),
        ]
        try await self.database.write([
            SQLStatement("INSERT INTO plain (room, person, content, time) VALUES ($1, $2, $3, $4)", values)
        ])
    }
}
