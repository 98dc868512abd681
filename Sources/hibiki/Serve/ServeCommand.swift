// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import ArgumentParser
import Configuration
import HibikiLogging
import HibikiMessaging
import HibikiMetrics
import HibikiSQL
import HibikiServer
import HibikiSocketIO
import HibikiTracing
import HibikiTransports
import Logging
import Metrics
import Tracing

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
        let settings = try await self.settings()
        guard !self.options.printConfig else {
            print(Settings.print(settings.configuration, log: settings.log))
            return
        }
        let level = SharedLogLevel(settings.log.level)
        let recentLog = RecentLog()
        let output = settings.log.bootstrap(level, recent: recentLog)
        defer { output.flush() }
        try await self.serve(
            settings, level: level, output: output, recentLog: recentLog, logger: Logger(label: "hibiki"))
    }

    /// The settings, and what stands in the file that they name for the dashboard.
    private func settingsWithPassword() async throws -> EffectiveSettings {
        var settings = try await self.settings()
        try settings.configuration.admin.readPassword()
        return settings
    }

    /// Reads flags, environment and file.
    func settings() async throws -> EffectiveSettings {
        let reader = ConfigReader(providers: try await self.options.providers())
        var configuration = ServerConfiguration()
        configuration.data = UserDataFolder.ofService ?? ""
        configuration.chat.isOn = true
        configuration.documents.isOn = true
        configuration.guests.isOn = true
        let log: LogSettings
        do {
            log = try LogSettings(reader)
            for setting in Settings.all {
                try setting.read(from: reader, into: &configuration)
            }
            OpenTelemetryEnvironment().complete(&configuration.tracing, settings: reader)
            try configuration.keys.load()
            try configuration.documents.yjs.load()
            try configuration.checkTogether()
        } catch let problem as SettingProblem {
            throw ValidationError(problem.description)
        } catch let problem as SecretFile.Problem {
            throw ValidationError("api-key-file: \(problem.description)")
        } catch let problem as YjsModule.Problem {
            throw ValidationError("document-yjs: \(problem.description)")
        }
        if configuration.isProduction, (try? reader.requiredBool(forKey: "demo")) == nil {
            configuration.hasDemo = false
        }
        if configuration.isProduction, (try? reader.requiredBool(forKey: "guests")) == nil {
            configuration.guests.isOn = false
        }
        return EffectiveSettings(configuration: configuration, log: log)
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
        for name in ["/", "/v1", "/chat"] {
            socketIO.of(name).onConnection { counting.connected($0) }
        }
    }

    private func serve(
        _ settings: EffectiveSettings, level: SharedLogLevel, output: LogOutput, recentLog: RecentLog, logger: Logger
    ) async throws {
        var settings = settings
        do {
            try settings.configuration.admin.readPassword()
            settings.configuration.authenticator = try await settings.configuration.tokens.makeAuthenticator(
                dataFolder: settings.configuration.data.isEmpty ? UserDataFolder.default : settings.configuration.data,
                logger: logger)
        } catch let problem as SecretFile.Problem {
            throw ValidationError(problem.description)
        }
        if !settings.configuration.authorizationURL.isEmpty {
            settings.configuration.authorizer = HTTPAuthorizer(
                url: settings.configuration.authorizationURL, settings.configuration.authorization, logger: logger)
        }
        try await self.run(settings, level: level, output: output, recentLog: recentLog, logger: logger)
    }

    /// - Returns: what sends the spans; `nil` if there are to be none.
    private func trace(
        _ configuration: TracingConfiguration, _ metrics: MetricsRegistry, _ logger: Logger
    ) -> SpanExporter? {
        guard let made = configuration.makeTracer(version: Hibiki.configuration.version, logger: logger) else {
            return nil
        }
        InstrumentationSystem.bootstrap(made.tracer)
        TracingMetrics.add(made.exporter, to: metrics)
        return made.exporter
    }

    private func run(
        _ settings: EffectiveSettings, level: SharedLogLevel, output: LogOutput, recentLog: RecentLog, logger: Logger
    ) async throws {
        let configuration = settings.configuration
        FileDescriptorLimit.raise()
        let metrics = MetricsRegistry()
        MetricsSystem.bootstrap(metrics)
        let exporter = self.trace(configuration.tracing, metrics, logger)
        var socketOptions = SocketIOServer.Configuration()
        socketOptions.connectionStateRecovery = configuration.recoversSockets ? .init() : nil
        let socketIO = SocketIOServer(configuration: socketOptions, logger: logger)
        let manager = ServiceManager()
        self.countSockets(of: socketIO, in: metrics)
        let database = try await self.openStore(configuration, logger)
        if let database { StoreMetrics.add(database, to: metrics) }
        let server = HibikiServer(
            configuration, chatStore: database.map { SQLChatStore($0) },
            documentStore: database.map { SQLDocumentStore($0) }, socketIO: socketIO, metrics: metrics,
            recentLog: recentLog, logger: logger
        ) { address in
            StandardOutput.write("listening on \(address)\n")
            if configuration.admin.password != nil {
                StandardOutput.write("the dashboard is at \(address)/admin/\n")
            }
            manager?.ready("Listening on \(address)")
            if configuration.hasDemo {
                // The client does not speak TLS.
                let follow =
                    configuration.certificate.isSet
                    ? "" : ", or follow a topic: hibiki tail public/news --url \(address)"
                StandardOutput.write("open it in a browser\(follow)\n")
            }
        }
        let reload = SettingsReload(settings, server: server, level: level, logger: logger) {
            try await self.settingsWithPassword()
        }
        let supervisor = Supervisor(
            server: server, others: exporter.map { [$0] } ?? [], manager: manager, reload: { await reload.run() },
            output: output, logger: logger
        )
        do {
            try await supervisor.run(at: configuration)
        } catch {
            await database?.close()
            throw error
        }
        await database?.close()
    }

    /// `nil` where nothing is to outlive the server, or there is nothing that would.
    private func openStore(_ configuration: ServerConfiguration, _ logger: Logger) async throws -> (any SQLDatabase)? {
        guard configuration.chat.isOn || configuration.documents.isOn else { return nil }
        do {
            let database = try await configuration.store.open(
                dataFolder: configuration.data, limits: configuration.storeLimits, logger: logger)
            logger.info(
                "chat and documents are kept",
                metadata: ["store": "\(configuration.store.resolved(dataFolder: configuration.data))"])
            return database
        } catch let error as SQLError {
            throw ValidationError("store: \(error)")
        }
    }
}
