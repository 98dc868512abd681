// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Foundation
import HibikiPostgres
import HibikiSQL
import HibikiTestSupport
import Testing

@Suite struct ConnectingTests {
    private static let one = SQLStatement("SELECT 1 AS one")

    private func failure(
        _ connectionString: String, connectTimeLimit: Duration = .seconds(60)
    ) async throws -> SQLError? {
        try await withDatabase(connectionString) {
            $0.waitLimit = .seconds(8)
            $0.connectTimeLimit = connectTimeLimit
        } _: { database in
            await #expect(throws: SQLError.self) { try await database.read(Self.one) }
        }
    }

    @Test(arguments: ["host=127.0.0.1 password", "postgresql://a:secret@[::1/x", "secret=1"])
    func `a connection string that cannot be read is told at once, without repeating a piece of it`(
        _ text: String
    )
        async throws
    {
        let error = try await self.failure(text)
        #expect(error?.code == .statement)
        #expect(error?.message.contains("secret") == false)
    }

    @Test func `a server that is not there is told as unavailable, with what libpq says`() async throws {
        let error = try await self.failure("host=127.0.0.1 port=1 dbname=x user=y")
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("127.0.0.1") == true)
    }

    @Test func `a server that takes the connection and says nothing is given up in time`() async throws {
        let silent = try SilentServer()
        defer { silent.close() }
        let error = try await self.failure(
            "host=127.0.0.1 port=\(silent.port) dbname=x user=y", connectTimeLimit: .milliseconds(100))
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("did not answer within 0.1 seconds") == true)
    }

    @Test func `a database that is not there is told by its name`() async throws {
        let server = try await PostgresServer.shared
        let error = try await self.failure(server.connectionString("nowhere"))
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("nowhere") == true, "\(String(describing: error))")
    }

    @Test func `a database that is not in UTF-8 is refused`() async throws {
        let server = try await PostgresServer.shared
        try await server.execute("CREATE DATABASE ascii ENCODING 'SQL_ASCII' TEMPLATE template0")
        let error = try await self.failure(server.connectionString("ascii"))
        #expect(error?.message.contains("SQL_ASCII") == true)
        try await server.dropDatabase("ascii")
    }

    @Test func `where the server would acknowledge what is not on the disk, the session does not let it`() async throws
    {
        let server = try await PostgresServer.shared
        let name = try await server.makeDatabase()
        try await server.execute("ALTER DATABASE \(name) SET synchronous_commit = off")
        try await withDatabase(server.connectionString(name)) { database in
            let setting = SQLStatement("SELECT current_setting('synchronous_commit') AS setting")
            let found: String = try await database.read(setting)[0]["setting"]
            #expect(found == "on")
        } finally: {
            try await server.dropDatabase(name)
        }
    }
}

/// Its connections are made by the system, and nobody ever accepts them.
private struct SilentServer {
    let port: Int
    private let descriptor: Int32

    init() throws {
        (self.descriptor, self.port) = try Loopback.bind()
        guard listen(self.descriptor, 8) == 0 else { throw PostgresServer.Problem.failed("listen") }
    }

    func close() {
        Foundation.close(self.descriptor)
    }
}
