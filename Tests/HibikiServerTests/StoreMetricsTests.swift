// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMetrics
import HibikiSQL
import HibikiServer
import Logging
import Testing

@Suite struct StoreMetricsTests {
    /// What the registry says of a database that was opened and not asked anything yet.
    private func names(_ store: StoreConfiguration) async throws -> [String] {
        let registry = MetricsRegistry()
        let connected = try await store.connect(
            for: .inspection, dataFolder: "", logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let database = try #require(connected)
        StoreMetrics.add(database, to: registry)
        let lines = await registry.text(in: .prometheus).split(separator: "\n").map { String($0) }
        await database.close()
        return lines.filter { $0.hasPrefix("hibiki_store_") }
    }

    @Test func `the connections to PostgreSQL are told by what they do`() async throws {
        #expect(
            try await self.names(.postgres(url: "postgres://127.0.0.1:1/none")) == [
                #"hibiki_store_connections{state="used"} 0"#, #"hibiki_store_connections{state="idle"} 0"#,
                "hibiki_store_waiting 0",
            ])
    }
}
