// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import ArgumentParser
import Configuration
import HibikiMessaging
import HibikiSQL
import HibikiServer
import Logging

/// Which database a command is about: the settings of the server that say so.
struct StoreOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The database, as the server is told: sqlite:PATH or postgres://…; HIBIKI_STORE says it too.",
            valueName: "store"))
    var store: String?

    @Option(
        help: ArgumentHelp(
            "The data folder of the server, which has the database if no store is set; HIBIKI_DATA says it too.",
            valueName: "folder"))
    var data: String?

    @Option(
        help: ArgumentHelp("The server's file of settings; HIBIKI_CONFIG says it too.", valueName: "file"))
    var config: String?

    /// The database that the server would use.
    func read() async throws -> StoreSettings {
        let reader = ConfigReader(providers: try await ServeOptions.providers(self.flags, file: self.config))
        var configuration = ServerConfiguration()
        configuration.data = UserDataFolder.ofService ?? ""
        do {
            for setting in Settings.all where ["store", "data"].contains(setting.key) {
                try setting.read(from: reader, into: &configuration)
            }
        } catch let problem as SettingProblem {
            throw ValidationError(problem.description)
        }
        let settings = StoreSettings(configured: configuration.store, dataFolder: configuration.data)
        guard settings.store != .memory else {
            throw ValidationError(
                """
                There is no database: with these settings a server keeps everything in memory. Name its data folder with \
                --data or HIBIKI_DATA, or its database with --store or HIBIKI_STORE.
                """)
        }
        return settings
    }

    private var flags: InMemoryProvider {
        var values: [AbsoluteConfigKey: ConfigValue] = [:]
        for case (let key, let value?) in [("store", self.store), ("data", self.data)] {
            values[AbsoluteConfigKey([key])] = ConfigValue(.string(value), isSecret: false)
        }
        return InMemoryProvider(name: "flags", values: values)
    }
}

struct StoreSettings {
    let configured: StoreConfiguration
    let dataFolder: String

    var store: StoreConfiguration { self.configured.resolved(dataFolder: self.dataFolder) }

    /// What the driver logs is of no use to whoever reads what the command says.
    func connect(for purpose: StoreConfiguration.Purpose) async throws -> (any SQLDatabase)? {
        let logger = Logger(label: "hibiki") { _ in SwiftLogNoOpLogHandler() }
        return try await self.configured.connect(for: purpose, dataFolder: self.dataFolder, logger: logger)
    }
}

/// Turns what a database says into a message of the command.
func storeAdvised<Result>(_ body: () async throws -> Result) async throws -> Result {
    do {
        return try await body()
    } catch let error as SQLError {
        throw StoreFailure(description: error.message)
    }
}

/// What went wrong, in the words of the database, and no more.
struct StoreFailure: Error, CustomStringConvertible {
    let description: String
}
