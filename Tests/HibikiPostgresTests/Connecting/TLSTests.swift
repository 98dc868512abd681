// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Foundation
import HibikiPostgres
import HibikiSQL
import HibikiTestSupport
import Testing

/// A server that takes no connection without TLS.
@Suite struct TLSTests {
    /// Certificates that sign themselves: that of the server, for `localhost`, and one of somebody else.
    private func withServer(
        _ body: (PostgresServer, _ connectionString: (String, String) -> String) async throws -> Void
    )
        async throws
    {
        let server = try await PostgresServer { folder in
            [
                "ssl = on", "ssl_cert_file = '\(folder)/server.crt'", "ssl_key_file = '\(folder)/server.key'",
                "hba_file = '\(folder)/hba.conf'",
            ]
        } prepare: { folder in
            for name in ["server", "other"] { try await Certificate.make(folder + "/" + name, for: "localhost") }
            try "local all all trust\nhostssl all all 127.0.0.1/32 trust\n"
                .write(toFile: folder + "/hba.conf", atomically: false, encoding: .utf8)
        }
        // libpq reads them as the user of the tests.
        try await body(server) { host, root in
            "host=\(host) hostaddr=127.0.0.1 port=\(server.port) user=\(PostgresServer.user) dbname=postgres \(root)"
        }
        await server.stop()
    }

    private func fails(_ connectionString: String, with words: String) async throws -> Bool {
        try await withDatabase(connectionString) {
            $0.waitLimit = .milliseconds(300)
        } _: { database in
            let error = await #expect(throws: SQLError.self) {
                try await database.read(SQLStatement("SELECT 1 AS one"))
            }
            return error?.code == .unavailable && error?.message.contains(words) == true
        }
    }

    @Test func `verify-full takes the server's certificate for its name, and no other`() async throws {
        try await self.withServer { server, connectionString in
            let root = "sslmode=verify-full sslrootcert=\(server.folder)/server.crt"
            try await withDatabase(connectionString("localhost", root)) { database in
                let rows = try await database.read(
                    SQLStatement("SELECT ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()"))
                #expect(try rows[0]["ssl"] == true)
                // More than one record of TLS each way.
                let long = SQLStatement(
                    "SELECT repeat('x', 1000000) AS long, $1 AS back", [.text(String(repeating: "y", count: 1_000_000))]
                )
                let row = try await database.read(long)[0]
                let (there, back): (String, String) = (try row["long"], try row["back"])
                #expect(there.utf8.count == 1_000_000 && back.utf8.count == 1_000_000)
            }
            #expect(try await self.fails(connectionString("elsewhere", root), with: "does not match host name"))
            let other = "sslmode=verify-full sslrootcert=\(server.folder)/other.crt"
            #expect(try await self.fails(connectionString("localhost", other), with: "certificate verify failed"))
            #expect(try await self.fails(connectionString("localhost", "sslmode=disable"), with: "no encryption"))
        }
    }
}
