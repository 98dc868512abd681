// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiMetrics
import HibikiPostgres
public import HibikiSQL

/// What `/metrics` says about the database.
public enum StoreMetrics {
    /// The connections of PostgreSQL; a file has none.
    public static func add(_ database: any SQLDatabase, to registry: MetricsRegistry) {
        guard let database = database as? PostgresDatabase else { return }
        registry.addCollector { Self.families(database.load) }
    }

    private static func families(_ load: PostgresDatabase.Load) -> [MetricFamily] {
        [
            MetricFamily(
                "hibiki_store_connections", .gauge, help: "Connections to the database, by whether a call has them.",
                [
                    .init(.integer(Int64(load.leased)), labels: [.init("state", "used")]),
                    .init(.integer(Int64(load.open - load.leased)), labels: [.init("state", "idle")]),
                ]),
            MetricFamily(
                "hibiki_store_waiting", .gauge, help: "Calls that wait for a connection to the database.", load.waiting),
        ]
    }
}
