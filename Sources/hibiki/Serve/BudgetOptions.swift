// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import ArgumentParser
import Configuration

/// The flags of `serve` that limit what clients do in a time.
struct BudgetOptions: ParsableArguments {
    @Option(help: "Messages of a principal. (default: 50/s burst 100)") var messagesPerPrincipal: String?
    @Option(help: "Messages on a connection. (default: 50/s burst 100)") var messagesPerConnection: String?
    @Option(help: "Messages from an address. (default: 10000/s burst 20000)") var messagesPerAddress: String?
    @Option(help: "Bytes of a principal. (default: 1048576/s burst 4194304)") var bytesPerPrincipal: String?
    @Option(help: "Bytes on a connection. (default: 1048576/s burst 4194304)") var bytesPerConnection: String?
    @Option(help: "Bytes from an address. (default: 33554432/s burst 134217728)") var bytesPerAddress: String?
    @Option(help: "Topics, rooms and namespaces that a principal joins. (default: 100/s burst 1000)")
    var joinsPerPrincipal: String?
    @Option(help: "The same on a connection. (default: 32/s burst 256)") var joinsPerConnection: String?
    @Option(help: "The same from an address. (default: 5000/s burst 50000)") var joinsPerAddress: String?
    @Option(help: "Sessions that a principal begins. (default: 10/s burst 100)") var connectsPerPrincipal: String?
    @Option(help: "Connections from an address. (default: 500/s burst 2000)") var connectsPerAddress: String?
    @Option(help: "Connections in all. (default: 5000/s burst 20000)") var connects: String?
    @Option(help: "Tokens from an address that are no good. (default: 2/s burst 100)")
    var failedTokensPerAddress: String?
    @Option(help: "Refusals that a connection outlives. (default: 10/s burst 200)") var refusalsPerConnection: String?
    @Option(help: "Who has no budgets: role:NAME or user:ID. Repeatable.") var unlimited: [String] = []

    /// Those that were given, under the names of their settings.
    var values: [(String, ConfigContent?)] {
        let budgets = [
            ("messages-per-principal", self.messagesPerPrincipal),
            ("messages-per-connection", self.messagesPerConnection), ("messages-per-address", self.messagesPerAddress),
            ("bytes-per-principal", self.bytesPerPrincipal), ("bytes-per-connection", self.bytesPerConnection),
            ("bytes-per-address", self.bytesPerAddress), ("joins-per-principal", self.joinsPerPrincipal),
            ("joins-per-connection", self.joinsPerConnection), ("joins-per-address", self.joinsPerAddress),
            ("connects-per-principal", self.connectsPerPrincipal), ("connects-per-address", self.connectsPerAddress),
            ("connects", self.connects), ("failed-tokens-per-address", self.failedTokensPerAddress),
            ("refusals-per-connection", self.refusalsPerConnection),
        ]
        return budgets.map { ($0, $1.map(ConfigContent.string)) }
            + [("unlimited", self.unlimited.isEmpty ? nil : .stringArray(self.unlimited))]
    }
}
