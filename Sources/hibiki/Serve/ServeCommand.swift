// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import ArgumentParser
import Configuration
import HibikiMessaging
import HibikiMetrics
import HibikiServer
import HibikiSocketIO
import Logging
import Metrics
import ServiceLifecycle
import SystemPackage

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the server.",
        discussion: """
            Without any flag it listens on http://127.0.0.1:8080/ and lets anybody on this machine use topics under \
            public/. Every flag can also be set in the environment, HIBIKI_PORT=9000 for --port, and in the file that \
            --config names, port: 9000. A flag wins over the environment, and the environment over the file.

            Examples:
              hibiki serve --port 9000
              hibiki serve --host 0.0.0.0 --production --allowed-origin https://app.example.com
              hibiki serve --config hibiki.yaml --print-config
            """
    )

    @OptionGroup var options: ServeOptions

    func run() async throws {
        let reader = ConfigReader(providers: try await self.providers())
        var configuration = ServerConfiguration()
        configuration.dataFolder = DataFolder.default
        do {
            for setting in Settings.all {
                try setting.read(from: reader, into: &configuration)
            }
        } catch let problem as SettingProblem {
            throw ValidationError(problem.description)
        }
        if configuration.isProduction, (try? reader.requiredBool(forKey: "demo")) == nil {
            configuration.hasDemo = false
        }
        let logger = try self.logger(reader)
        guard !self.options.printConfig else {
            print(Settings.print(configuration, logLevel: logger.logLevel))
            return
        }
        try await self.serve(configuration, logger: logger)
    }

    private func providers() async throws -> [any ConfigProvider] {
        let environment = EnvironmentVariablesProvider().prefixKeys(with: "hibiki")
        var providers: [any ConfigProvider] = [self.options.provider, environment]
        guard let path = self.options.config ?? ConfigReader(provider: environment).string(forKey: "config") else {
            return providers
        }
        do {
            if path.hasSuffix(".json") {
                providers.append(try await FileProvider<JSONSnapshot>(filePath: FilePath(path)))
            } else {
                providers.append(try await FileProvider<YAMLSnapshot>(filePath: FilePath(path)))
            }
        } catch {
            throw ValidationError("\(path) cannot be read as settings: \(error)")
        }
        return providers
    }

    private func logger(_ reader: ConfigReader) throws -> Logger {
        var logger = Logger(label: "hibiki") { StreamLogHandler.standardError(label: $0) }
        guard let name = reader.string(forKey: "log-level") else { return logger }
        guard let level = Logger.Level(rawValue: name) else {
            let names = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("log-level: \"\(name)\" is none of \(names)")
        }
        logger.logLevel = level
        return logger
    }

    /// Messages are counted where they pass; here only what happens once or twice in a socket's life.
    private func countSockets(of socketIO: SocketIOServer, in metrics: MetricsRegistry) {
        metrics.describe("socketio_sockets", help: "Sockets that are connected, by namespace.")
        metrics.describe(
            "socketio_connections_total", help: "Sockets that have connected, and whether with their session recovered."
        )
        metrics.describe("socketio_disconnects_total", help: "Sockets that have gone, by reason.")
        metrics.describe("socketio_errors_total", help: "Errors that handlers of a namespace have thrown.")
        let counting = SocketMetrics(countsEvents: false)
        for name in ["/", "/v1"] {
            socketIO.of(name).onConnection { counting.connected($0) }
        }
    }

    private func serve(_ configuration: ServerConfiguration, logger: Logger) async throws {
        var configuration = configuration
        do {
            configuration.authenticator = try await configuration.tokens.makeAuthenticator(
                dataFolder: configuration.dataFolder, logger: logger)
        } catch let problem as SecretFile.Problem {
            throw ValidationError(problem.description)
        }
        if !configuration.authorizationURL.isEmpty {
            configuration.authorizer = HTTPAuthorizer(
                url: configuration.authorizationURL, configuration.authorization, logger: logger)
        }
        try await self.run(configuration, logger: logger)
    }

    private func run(_ configuration: ServerConfiguration, logger: Logger) async throws {
        FileDescriptorLimit.raise()
        let metrics = MetricsRegistry()
        MetricsSystem.bootstrap(metrics)
        let socketIO = SocketIOServer(logger: logger)
        self.countSockets(of: socketIO, in: metrics)
        let server = HibikiServer(configuration, socketIO: socketIO, metrics: metrics, logger: logger) { address in
            StandardOutput.write("listening on \(address)\n")
            if configuration.hasDemo {
                StandardOutput.write(
                    "open it in a browser, or follow a topic: hibiki tail public/news --url \(address)\n")
            }
        }
        try await ServiceGroup.run(server, at: configuration, logger: logger)
    }
}
