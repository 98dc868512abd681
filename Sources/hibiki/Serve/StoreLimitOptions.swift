// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import ArgumentParser
import Configuration

/// The flags of `serve` that are about a database with connections.
struct StoreLimitOptions: ParsableArguments {
    @Option(help: "Connections to PostgreSQL at most. (default: 10)") var storeConnections: Int?
    @Option(help: "Seconds that a call waits for a connection. (default: 5)") var storeWait: Double?
    @Option(help: "Seconds that a statement may take. (default: 10)") var storeStatementLimit: Double?

    var values: [(String, ConfigContent?)] {
        [
            ("store-connections", self.storeConnections.map(ConfigContent.int)),
            ("store-wait", self.storeWait.map(ConfigContent.double)),
            ("store-statement-limit", self.storeStatementLimit.map(ConfigContent.double)),
        ]
    }
}
