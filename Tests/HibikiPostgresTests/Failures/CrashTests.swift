// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiPostgres
import HibikiSQL
import HibikiTestSupport
import Synchronization
import Testing

/// A server of which every process is killed while transactions run, and which is started again.
@Suite struct CrashTests {
    private enum Fate { case stored, absent, unknown }

    /// What became of each transaction, for those who write and those who look.
    private final class Record: Sendable {
        private let fates = Mutex<[Int64: Fate]>([:])
        private let isOver = Atomic(false)

        var all: [Int64: Fate] { self.fates.withLock { $0 } }
        var hasEnded: Bool { self.isOver.load(ordering: .relaxed) }

        func end() { self.isOver.store(true, ordering: .relaxed) }
        func note(_ id: Int64, _ fate: Fate) { self.fates.withLock { $0[id] = fate } }
        func count(_ fate: Fate) -> Int { self.all.count { $0.value == fate } }
    }

    @Test func `what was acknowledged is there after a crash, and what was refused is not`() async throws {
        let server = try await PostgresServer()
        let patient = PostgresDatabase(.init(server.connectionString()), logger: quiet)
        let database = PostgresDatabase(Self.configuration(server), logger: quiet)
        try await patient.write([
            SQLStatement("CREATE TABLE counter (id BIGINT PRIMARY KEY, n BIGINT NOT NULL)"),
            SQLStatement("INSERT INTO counter SELECT id, 0 FROM generate_series(0, 7) AS s (id)"),
            SQLStatement("CREATE TABLE item (id BIGINT PRIMARY KEY)"),
        ])
        let record = Record()
        let ids = Counter()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<8 {
                group.addTask {
                    while !record.hasEnded {
                        let id = Int64(ids.next())
                        record.note(id, await Self.insert(id, by: writer, into: database))
                    }
                }
            }
            for _ in 1...4 {
                let enough = record.count(.stored) + 50
                try await eventually { record.count(.stored) >= enough }
                try await server.crash()
                try await server.start()
            }
            let enough = record.count(.stored) + 50
            try await eventually { record.count(.stored) >= enough }
            record.end()
            try await group.waitForAll()
        }
        let rows = try await patient.read(SQLStatement("SELECT id FROM item"))
        let there = Set(try rows.map { row -> Int64 in try row["id"] })
        let all = record.all
        #expect(all.filter { $0.value == .stored }.keys.filter { !there.contains($0) } == [])
        #expect(all.filter { $0.value == .absent }.keys.filter { there.contains($0) } == [])
        // Each transaction counts as well, so none was carried out twice.
        let sum: Int = try await patient.read(SQLStatement("SELECT sum(n) AS n FROM counter"))[0]["n"]
        #expect(sum == there.count)
        await database.close()
        await patient.close()
        await server.stop()
    }

    private static func configuration(_ server: PostgresServer) -> PostgresDatabase.Configuration {
        var configuration = PostgresDatabase.Configuration(server.connectionString())
        configuration.waitLimit = .milliseconds(200)
        return configuration
    }

    private static func insert(_ id: Int64, by writer: Int, into database: PostgresDatabase) async -> Fate {
        let lock = SQLStatement("SELECT n FROM counter WHERE id = $1 FOR UPDATE", [.integer(Int64(writer))])
        do {
            _ = try await database.transaction(load: [lock]) { facts in
                let count: Int64 = try facts[0][0]["n"]
                return [
                    SQLStatement(
                        "UPDATE counter SET n = $2 WHERE id = $1", [.integer(Int64(writer)), .integer(count + 1)]),
                    SQLStatement("INSERT INTO item VALUES ($1)", [.integer(id)]),
                ]
            }
            return .stored
        } catch {
            let code = (error as? SQLError)?.code
            if code == .resultsLost { return .stored }
            #expect(code == .unavailable || code == .outcomeUnknown || code == .overloaded)
            return code == .outcomeUnknown ? .unknown : .absent
        }
    }
}
