// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import ArgumentParser
import Configuration

/// The flags of `serve`. Each is also a key in the file, and `HIBIKI_…` in the environment.
struct ServeOptions: ParsableArguments {
    @Option(help: "Address to listen on; 0.0.0.0 for all. (default: 127.0.0.1)") var host: String?
    @Option(help: "Port; 0 takes a free one. (default: 8080)") var port: Int?
    @Option(help: "A PEM file with the certificate and those above it; the port then speaks TLS.")
    var tlsCertificate: String?
    @Option(help: "A PEM file with the private key of the certificate.") var tlsKey: String?
    @Option(help: "Event loops; 0 for one per core. (default: 0)") var threads: Int?
    @Flag(help: "Anonymous clients may do nothing, and there is no demo page.") var production = false
    @Flag(inversion: .prefixedNo, help: "The demo page at /. (default: --demo, without --production)") var demo: Bool?
    @Option(help: "A YAML or JSON file of settings, named as the flags are.") var config: String?
    @Flag(help: "Show the settings in effect and end.") var printConfig = false

    @Option(help: "Origins of pages that may connect beside the server's own, or *. Repeatable.")
    var allowedOrigin: [String] = []

    @Option(help: "Addresses of proxies that say whom requests come from: 10.0.0.0/8, ::1. Repeatable.")
    var trustedProxy: [String] = []
    @Option(help: "What they say it in: x-forwarded-for, forwarded. (default: x-forwarded-for)")
    var forwardedHeader: String?
    @Flag(inversion: .prefixedNo, help: "Connections begin with the PROXY protocol. (default: --no-proxy-protocol)")
    var proxyProtocol: Bool?
    @Option(help: "A file with the secret of HS256 tokens.") var tokenSecretFile: String?
    @Option(help: "A PEM file with a public key of tokens: RS256, ES256, ES384, EdDSA. Repeatable.")
    var tokenPublicKey: [String] = []
    @Option(help: "Where a JSON Web Key Set with the keys of tokens is published.") var tokenJwksURL: String?
    @Option(help: "What the aud of a token has to name.") var tokenAudience: String?
    @Option(help: "What the iss of a token has to be.") var tokenIssuer: String?
    @Option(help: "Seconds that clocks may be apart when a token is checked. (default: 5)") var tokenLeeway: Double?
    @Flag(inversion: .prefixedNo, help: "Refuse tokens without exp. (default: --token-requires-expiry)")
    var tokenRequiresExpiry: Bool?
    @Option(help: "A cookie that may hold a token.") var tokenCookie: String?
    @Option(help: "Seconds that a client has got to replace a token that runs out. (default: 25)")
    var tokenRefresh: Double?
    @Option(help: "An API key of a back end, NAME SCOPES sha256:DIGEST PATTERN…, as hibiki key prints it. Repeatable.")
    var apiKey: [String] = []
    @Option(help: "A file with one such key in each line.") var apiKeyFile: String?
    @Option(help: "A rule in place of the built-in ones: WHO ACTIONS PATTERN, as role:staff all orders/**. Repeatable.")
    var permission: [String] = []
    @Option(help: "A service that is asked about what no rule allows.") var authorizationURL: String?
    @Option(help: "Seconds that the service may take. (default: 3)") var authorizationTimeout: Double?
    @Option(help: "Seconds that an answer of the service holds. (default: 30)") var authorizationTTL: Double?
    @Option(help: "Seconds that a connection may take to show a token, in production. (default: 10)")
    var authTimeout: Double?

    @Option(help: "Connections in all. (default: 1000000)") var maxConnections: Int?
    @Option(help: "Connections from one address. (default: 10000)") var maxConnectionsPerAddress: Int?
    @Option(help: "Connections above which /health says degraded. (default: 10000)") var healthyConnections: Int?
    @Option(help: "Who may read /metrics: local, open, off. (default: local)") var metrics: String?
    @Option(help: "Where a collector takes traces as OTLP over HTTP; without it nothing is traced.")
    var tracingEndpoint: String?
    @Option(help: "The share of requests that is traced, from 0 to 1. (default: 1)") var tracingRatio: Double?
    @Option(help: "What the server is called in traces. (default: hibiki)") var tracingService: String?
    @Option(help: "A file with what `hibiki admin-password` has made; turns the dashboard at /admin/ on.")
    var adminPasswordFile: String?
    @Option(help: "Seconds that a login to the dashboard counts. (default: 28800)") var adminSession: Double?
    @Option(help: "Bytes that may wait for a reader. (default: 1048576)") var maxQueue: Int?
    @Option(help: "Slow readers of topics with a prefix: PREFIX=close, drop or latest. Repeatable.")
    var slowReader: [String] = []

    @Flag(inversion: .prefixedNo, help: "Limit what clients do in a time. (default: --budgets)") var budgets: Bool?
    @OptionGroup(title: "Budgets, as RATE/s burst NUMBER, with s, m or h; or off") var budgetOptions: BudgetOptions

    @OptionGroup(title: "Chat") var chatOptions: ChatOptions
    @OptionGroup(title: "Documents") var documentOptions: DocumentOptions

    @Option(help: "Seconds for a request's head. (default: 10)") var headTimeout: Double?
    @Option(help: "Seconds without a request. (default: 60)") var idleTimeout: Double?
    @Option(help: "Bytes of a request's head. (default: 16384)") var maxHead: Int?
    @Option(help: "Header fields of a request. (default: 100)") var maxFields: Int?
    @Option(help: "Streams of a connection of HTTP/2. (default: 100)") var maxStreams: Int?
    @Option(help: "Bytes of a request's body. (default: 1048576)") var maxBody: Int?

    @Option(help: "Seconds between pings. (default: 30)") var pingInterval: Double?
    @Option(help: "Seconds for an answer to a ping. (default: 10)") var pongTimeout: Double?
    @Option(help: "Seconds for the closing handshake. (default: 5)") var closeTimeout: Double?
    @Option(help: "Bytes of a WebSocket message. (default: 65536)") var maxMessage: Int?
    @Option(help: "Fragments of a WebSocket message. (default: 1024)") var maxFragments: Int?
    @Flag(inversion: .prefixedNo, help: "permessage-deflate. (default: --compression)") var compression: Bool?
    @Flag(inversion: .prefixedNo, help: "Compression contexts kept between messages. (default: --no-context-takeover)")
    var contextTakeover: Bool?

    @Option(help: "Seconds between comments on an event stream. (default: 15)") var sseHeartbeat: Double?
    @Option(help: "Seconds that an event stream asks for before a retry. (default: 5)") var sseRetry: Double?
    @Option(help: "Seconds that a poll may wait. (default: 60)") var longestWait: Double?
    @Option(help: "Topics of one connection or request. (default: 128)") var maxTopics: Int?

    @Option(help: "Events that a topic keeps. (default: 1000)") var logEvents: Int?
    @Option(help: "Bytes that a topic keeps. (default: 16777216)") var logBytes: Int?
    @Option(help: "Seconds that a topic keeps an event. (default: 600)") var logAge: Double?
    @Option(help: "Bytes of all topics together. (default: 1073741824)") var logTotalBytes: Int?
    @Option(help: "Topics that hold events. (default: 1000000)") var logTopics: Int?
    @Option(help: "Seconds that a shutdown waits for connections. (default: 30)") var drain: Double?
    @Option(help: "Seconds that clients are asked to stay away after a shutdown. (default: 5)")
    var reconnectDelay: Double?
    @Option(help: "Clients that are asked to come back in a second after a shutdown. (default: 1000)")
    var reconnectRate: Int?
    @Option(help: "A folder for what outlives a restart; without it nothing does.") var data: String?
    @Option(help: "The database: sqlite:PATH, postgres://…, memory. (default: hibiki.sqlite in the data folder)")
    var store: String?
    @Flag(inversion: .prefixedNo, help: "Socket.IO clients that come back get what they missed. (default: off)")
    var socketioRecovery: Bool?
    @Option(help: "What is logged: trace, debug, info, notice, warning, error. (default: info)") var logLevel: String?
    @Option(help: "How lines are written: text, json, or auto, text on a terminal. (default: auto)")
    var logFormat: String?
    @Option(help: "Lines of one message in a second; 0 for all. (default: 100)") var logRate: Int?

    @OptionGroup(title: "Uploads") var uploadOptions: UploadOptions
    @OptionGroup(title: "PostgreSQL") var storeLimitOptions: StoreLimitOptions

    /// The flags that were given, as a source of settings.
    var provider: InMemoryProvider {
        var values: [AbsoluteConfigKey: ConfigValue] = [:]
        for (key, value) in self.values {
            guard let value else { continue }
            values[AbsoluteConfigKey([key])] = ConfigValue(value, isSecret: false)
        }
        return InMemoryProvider(name: "flags", values: values)
    }

    private var values: [(String, ConfigContent?)] {
        let numbers = self.numbers.map { ($0, $1.map(ConfigContent.int)) }
        let times = self.times.map { ($0, $1.map(ConfigContent.double)) }
        let groups =
            self.budgetOptions.values + self.chatOptions.values + self.documentOptions.values
            + self.uploadOptions.values
            + self.storeLimitOptions.values
        return numbers + times + groups + self.others
    }

    private var others: [(String, ConfigContent?)] {
        [
            ("host", self.host.map(ConfigContent.string)),
            ("data", self.data.map(ConfigContent.string)),
            ("store", self.store.map(ConfigContent.string)),
            ("socketio-recovery", self.socketioRecovery.map(ConfigContent.bool)),
            ("tls-certificate", self.tlsCertificate.map(ConfigContent.string)),
            ("tls-key", self.tlsKey.map(ConfigContent.string)),
            ("log-level", self.logLevel.map(ConfigContent.string)),
            ("log-format", self.logFormat.map(ConfigContent.string)),
            ("metrics", self.metrics.map(ConfigContent.string)),
            ("tracing-endpoint", self.tracingEndpoint.map(ConfigContent.string)),
            ("tracing-ratio", self.tracingRatio.map(ConfigContent.double)),
            ("tracing-service", self.tracingService.map(ConfigContent.string)),
            ("admin-password-file", self.adminPasswordFile.map(ConfigContent.string)),
            ("token-secret-file", self.tokenSecretFile.map(ConfigContent.string)),
            ("token-jwks-url", self.tokenJwksURL.map(ConfigContent.string)),
            ("token-audience", self.tokenAudience.map(ConfigContent.string)),
            ("token-issuer", self.tokenIssuer.map(ConfigContent.string)),
            ("token-cookie", self.tokenCookie.map(ConfigContent.string)),
            ("token-requires-expiry", self.tokenRequiresExpiry.map(ConfigContent.bool)),
            ("authorization-url", self.authorizationURL.map(ConfigContent.string)),
            ("api-key", self.apiKey.isEmpty ? nil : .stringArray(self.apiKey)),
            ("api-key-file", self.apiKeyFile.map(ConfigContent.string)),
            ("permission", self.permission.isEmpty ? nil : .stringArray(self.permission)),
            ("token-public-key", self.tokenPublicKey.isEmpty ? nil : .stringArray(self.tokenPublicKey)),
            ("production", self.production ? .bool(true) : nil),
            ("demo", self.demo.map(ConfigContent.bool)),
            ("budgets", self.budgets.map(ConfigContent.bool)),
            ("compression", self.compression.map(ConfigContent.bool)),
            ("context-takeover", self.contextTakeover.map(ConfigContent.bool)),
            ("allowed-origin", self.allowedOrigin.isEmpty ? nil : .stringArray(self.allowedOrigin)),
            ("trusted-proxy", self.trustedProxy.isEmpty ? nil : .stringArray(self.trustedProxy)),
            ("forwarded-header", self.forwardedHeader.map(ConfigContent.string)),
            ("proxy-protocol", self.proxyProtocol.map(ConfigContent.bool)),
            ("slow-reader", self.slowReader.isEmpty ? nil : .stringArray(self.slowReader)),
        ]
    }

    private var numbers: [(String, Int?)] {
        [
            ("port", self.port), ("threads", self.threads), ("max-connections", self.maxConnections),
            ("max-connections-per-address", self.maxConnectionsPerAddress), ("max-queue", self.maxQueue),
            ("healthy-connections", self.healthyConnections),
            ("max-head", self.maxHead), ("max-fields", self.maxFields), ("max-body", self.maxBody),
            ("max-streams", self.maxStreams),
            ("max-message", self.maxMessage), ("max-fragments", self.maxFragments), ("max-topics", self.maxTopics),
            ("log-events", self.logEvents), ("log-bytes", self.logBytes), ("log-total-bytes", self.logTotalBytes),
            ("log-topics", self.logTopics), ("log-rate", self.logRate), ("reconnect-rate", self.reconnectRate),
        ]
    }

    private var times: [(String, Double?)] {
        [
            ("head-timeout", self.headTimeout), ("idle-timeout", self.idleTimeout),
            ("ping-interval", self.pingInterval), ("pong-timeout", self.pongTimeout),
            ("close-timeout", self.closeTimeout), ("sse-heartbeat", self.sseHeartbeat), ("sse-retry", self.sseRetry),
            ("longest-wait", self.longestWait), ("log-age", self.logAge), ("drain", self.drain),
            ("reconnect-delay", self.reconnectDelay), ("admin-session", self.adminSession),
            ("token-leeway", self.tokenLeeway),
            ("token-refresh", self.tokenRefresh), ("auth-timeout", self.authTimeout),
            ("authorization-timeout", self.authorizationTimeout), ("authorization-ttl", self.authorizationTTL),
        ]
    }
}
