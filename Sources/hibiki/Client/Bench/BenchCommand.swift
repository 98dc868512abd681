// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import ArgumentParser

struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure a server.",
        discussion: """
            Progress goes to standard error and the result to standard output. Latencies are measured by this \
            program, from just before a message is sent until it has arrived. For figures that can be compared, \
            give server and load a core each.

            EXAMPLES
              hibiki bench echo ws://127.0.0.1:9001 --connections 100 --size 64 --in-flight 16
              hibiki bench fanout --subscribers 1000 --rate 100
              hibiki bench compare-transports
              hibiki bench --compare-transports             # the same
            """,
        subcommands: [EchoBench.self, FanoutBench.self, CompareTransports.self, BenchByFlag.self],
        defaultSubcommand: BenchByFlag.self
    )
}

/// `hibiki bench` without a subcommand. Flags of `bench` itself would be taken from its subcommands, so they stand
/// here.
struct BenchByFlag: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "by-flag", shouldDisplay: false)

    @Flag(help: "The same as the subcommand compare-transports.")
    var compareTransports = false

    @OptionGroup var comparison: ComparisonOptions

    func run() async throws {
        guard self.compareTransports else { throw CleanExit.helpRequest(BenchCommand.self) }
        try await self.comparison.run()
    }
}
