// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat
import HibikiChatContract
import HibikiSQL
import HibikiSQLite
import Testing

@Suite struct ChatPlanTests {
    /// The plans are those of SQLite without statistics, as of a database that has just been made.
    @Test func `no statement of the chat looks at every row of a table`() async throws {
        try await withSQLite { path in
            var statements: [String: SQLStatement] = [:]
            for (index, clause) in (ChatStoreContract.clauses + ChatStoreContract.attachments).enumerated() {
                let database = RecordingDatabase(try SQLiteDatabase(path: "\(path)\(index)"))
                _ = try await SQLMigrator.hibiki.migrate(database, at: 0)
                try await clause.check(on: SQLChatStore(database))
                for statement in database.statements { statements[statement.text] = statement }
                await database.close()
            }
            let database = try SQLiteDatabase(path: path)
            _ = try await SQLMigrator.hibiki.migrate(database, at: 0)
            let chat = statements.values.filter {
                $0.text.contains("chat_") && !$0.text.hasPrefix("CREATE") && !$0.text.hasPrefix("ALTER")
            }
            #expect(chat.count > 30)
            for statement in chat {
                let plan = SQLStatement("EXPLAIN QUERY PLAN " + statement.text, statement.values)
                let steps: [String] = try await database.write([plan])[0].map { try $0["detail"] }
                let scans = Self.scans(steps)
                #expect(scans.isEmpty, "\(statement.text): \(steps)")
            }
            await database.close()
        }
    }

    /// Lists of keys, what a part of the statement gives, and the table of the full-text index are looked at from one end to the
    /// other, and are meant to be.
    private static func scans(_ steps: [String]) -> [String] {
        let parts = steps.filter { $0.hasPrefix("CO-ROUTINE ") || $0.hasPrefix("MATERIALIZE ") }
            .compactMap { $0.split(separator: " ").last }
        return steps.filter { step in
            let words = step.split(separator: " ")
            return words.first == "SCAN" && !step.contains("VIRTUAL TABLE") && !step.contains("CONSTANT ROW")
                && !parts.contains(words[1])
        }
    }
}
