// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiServer
import HibikiTransports
import HibikiUploads
import HibikiWebSocketCodec

/// Everything that can be set, in the order in which `--print-config` shows it.
enum Settings {
    static var all: [Setting] {
        [
            self.server, self.http, self.webSocket, self.events, self.log, self.access, self.proxies, self.budgets,
            self.tracing, self.chat, self.documents, self.uploads,
        ].flatMap { $0 }
    }

    private static let bytes = 1...(1 << 40)
    private static let counts = 1...1_000_000_000

    private static var server: [Setting] {
        [
            Setting(key: "host", target: .text(\.host)),
            Setting(key: "port", target: .number(\.port, 0...65_535)),
            Setting(key: "tls-certificate", target: .text(\.certificate.chain)),
            Setting(key: "tls-key", target: .text(\.certificate.key)),
            Setting(key: "threads", target: .number(\.threads, 0...Hub.maximumLoops)),
            Setting(key: "production", target: .flag(\.isProduction)),
            Setting(key: "demo", target: .flag(\.hasDemo)),
            Setting(key: "drain", target: .duration(\.drain)),
            Setting(key: "reconnect-delay", target: .duration(\.reconnectDelay)),
            Setting(key: "reconnect-rate", target: .number(\.reconnectsPerSecond, Self.counts)),
            Setting(key: "data", target: .text(\.data)),
            Setting(key: "store", target: .choice(show: { "\"\($0.store)\"" }, set: { try $0.setStore($1) })),
            Setting(key: "store-connections", target: .number(\.storeLimits.connections, 1...10_000)),
            Setting(key: "store-wait", target: .duration(\.storeLimits.wait)),
            Setting(key: "store-statement-limit", target: .duration(\.storeLimits.statement)),
            Setting(key: "socketio-recovery", target: .flag(\.recoversSockets)),
            Setting(key: "max-connections", target: .number(\.transport.connections, Self.counts)),
            Setting(
                key: "max-connections-per-address", target: .number(\.transport.connectionsPerAddress, Self.counts)),
            Setting(key: "healthy-connections", target: .number(\.healthyConnections, Self.counts)),
            Setting(key: "metrics", target: .choice(show: { $0.metrics.rawValue }, set: { try $0.setMetrics($1) })),
            Setting(key: "admin-password-file", target: .text(\.admin.passwordFile)),
            Setting(key: "admin-session", target: .duration(\.admin.sessionLifetime)),
            Setting(key: "max-queue", target: .number(\.transport.outboundQueue, Self.bytes)),
        ]
    }

    private static var http: [Setting] {
        [
            Setting(key: "head-timeout", target: .time(\.transport.http.headTimeout)),
            Setting(key: "idle-timeout", target: .time(\.transport.http.idleTimeout)),
            Setting(key: "max-head", target: .number(\.transport.http.headBytes, 256...(1 << 20))),
            Setting(key: "max-fields", target: .number(\.transport.http.headFields, 1...10_000)),
            Setting(key: "max-streams", target: .number(\.transport.http.streams, 1...10_000)),
            Setting(key: "max-body", target: .number(\.transport.http.bodyBytes, Self.bytes)),
        ]
    }

    private static var webSocket: [Setting] {
        [
            Setting(key: "ping-interval", target: .time(\.transport.webSocket.pingInterval)),
            Setting(key: "pong-timeout", target: .time(\.transport.webSocket.pongTimeout)),
            Setting(key: "close-timeout", target: .time(\.transport.webSocket.closeTimeout)),
            Setting(key: "max-message", target: .number(\.transport.webSocket.limits.messageBytes, Self.bytes)),
            Setting(key: "max-fragments", target: .number(\.transport.webSocket.limits.fragments, Self.counts)),
            Setting(key: "compression", target: .flag(\.isCompressionEnabled)),
            Setting(key: "context-takeover", target: .flag(\.allowsContextTakeover)),
        ]
    }

    private static var events: [Setting] {
        [
            Setting(key: "sse-heartbeat", target: .time(\.transport.events.heartbeat)),
            Setting(key: "sse-retry", target: .time(\.transport.events.retry)),
            Setting(key: "longest-wait", target: .time(\.transport.events.longestWait)),
            Setting(key: "max-topics", target: .number(\.transport.events.topics, 1...PositionVector.maximumEntries)),
            Setting(
                key: "slow-reader",
                target: .list(show: { $0.slowReaders.texts }, set: { try $0.slowReaders.set($1) })
            ),
        ]
    }

    private static var log: [Setting] {
        [
            Setting(key: "log-events", target: .number(\.retention.publications, Self.counts)),
            Setting(key: "log-bytes", target: .number(\.retention.bytes, Self.bytes)),
            Setting(key: "log-age", target: .duration(\.retention.age)),
            Setting(key: "log-total-bytes", target: .number(\.retention.totalBytes, Self.bytes)),
            Setting(key: "log-topics", target: .number(\.retention.topics, Self.counts)),
        ]
    }

    private static var access: [Setting] {
        [
            Setting(
                key: "allowed-origin",
                target: .list(
                    show: { $0.transport.origins.allowed.sorted() },
                    set: { try $0.transport.origins.setAllowed($1) }
                )
            ),
            Setting(key: "token-secret-file", target: .text(\.tokens.secretFile)),
            Setting(
                key: "token-public-key",
                target: .list(show: { $0.tokens.publicKeyFiles }, set: { $0.tokens.publicKeyFiles = $1 })
            ),
            Setting(
                key: "token-jwks-url",
                target: .choice(show: { "\"\($0.tokens.keySetURL)\"" }, set: { try $0.tokens.setKeySetURL($1) })
            ),
            Setting(key: "token-audience", target: .text(\.tokens.rules.audienceText)),
            Setting(key: "token-issuer", target: .text(\.tokens.rules.issuerText)),
            Setting(key: "token-leeway", target: .duration(\.tokens.rules.leeway)),
            Setting(key: "token-requires-expiry", target: .flag(\.tokens.rules.requiresExpiry)),
            Setting(key: "token-cookie", target: .text(\.tokens.cookie)),
            Setting(key: "api-key", target: .list(show: { $0.keys.listed.map(\.text) }, set: { try $0.setKeys($1) })),
            Setting(key: "api-key-file", target: .text(\.keys.file)),
            Setting(
                key: "permission", target: .list(show: { $0.rules.map(\.text) }, set: { try $0.setPermissions($1) })
            ),
            Setting(
                key: "authorization-url",
                target: .choice(show: { "\"\($0.authorizationURL)\"" }, set: { try $0.setAuthorizationURL($1) })
            ),
            Setting(key: "authorization-timeout", target: .duration(\.authorization.timeout)),
            Setting(key: "authorization-ttl", target: .duration(\.authorization.ttl)),
            Setting(key: "token-refresh", target: .duration(\.timeToRefresh)),
            Setting(key: "auth-timeout", target: .duration(\.timeToAuthenticate)),
        ]
    }

    private static var tracing: [Setting] {
        [
            Setting(
                key: "tracing-endpoint",
                target: .choice(
                    show: { "\"\($0.tracing.endpoint)\"" },
                    set: { $0.tracing.endpoint = try ServerConfiguration.address($1) })
            ),
            Setting(key: "tracing-ratio", target: .share(\.tracing.ratio)),
            Setting(key: "tracing-service", target: .text(\.tracing.service)),
        ]
    }

    private static var uploads: [Setting] {
        [
            Setting(key: "uploads", target: .flag(\.uploads.isOn)),
            Setting(key: "uploads-folder", target: .text(\.uploads.folder)),
            Setting(key: "uploads-max-file", target: .number(\.uploads.limits.fileBytes, Self.bytes)),
            Setting(key: "uploads-quota", target: .number(\.uploads.limits.principalBytes, Self.bytes)),
            Setting(key: "uploads-files", target: .number(\.uploads.limits.files, Self.counts)),
            Setting(key: "uploads-unfinished", target: .number(\.uploads.limits.unfinished, Self.counts)),
            Setting(
                key: "uploads-types",
                target: .list(show: { $0.uploads.limits.types.patterns }, set: { try $0.uploads.setTypes($1) })),
            Setting(key: "uploads-expiry", target: .duration(\.uploads.limits.unfinishedAge)),
            Setting(key: "uploads-orphan-age", target: .duration(\.uploads.limits.unreferencedAge)),
            Setting(key: "uploads-thumbnails", target: .flag(\.uploads.hasThumbnails)),
            Setting(key: "uploads-scanner", target: .text(\.uploads.scanner)),
            Setting(key: "uploads-s3-bucket", target: .text(\.uploads.bucket.name)),
            Setting(
                key: "uploads-s3-endpoint",
                target: .choice(
                    show: { "\"\($0.uploads.bucket.endpoint)\"" },
                    set: { $0.uploads.bucket.endpoint = try ServerConfiguration.address($1) })),
            Setting(key: "uploads-s3-region", target: .text(\.uploads.bucket.region)),
            Setting(key: "uploads-s3-prefix", target: .text(\.uploads.bucket.prefix)),
            Setting(key: "uploads-s3-path-style", target: .flag(\.uploads.bucket.isPathStyle)),
            Setting(key: "uploads-s3-access-key", target: .text(\.uploads.bucket.accessKey)),
            Setting(key: "uploads-s3-secret-file", target: .text(\.uploads.bucket.secretFile)),
            Setting(key: "uploads-s3-redirect", target: .flag(\.uploads.bucket.redirects)),
        ]
    }

    private static var proxies: [Setting] {
        [
            Setting(
                key: "trusted-proxy",
                target: .list(
                    show: { $0.transport.proxies.trusted.map(\.description) },
                    set: { try $0.transport.proxies.setTrusted($1) }
                )
            ),
            Setting(
                key: "forwarded-header",
                target: .choice(
                    show: { $0.transport.proxies.field.rawValue }, set: { try $0.transport.proxies.setField($1) })
            ),
            Setting(key: "proxy-protocol", target: .flag(\.transport.proxies.speaksProxyProtocol)),
        ]
    }

    private static var budgets: [Setting] {
        var settings = [Setting(key: "budgets", target: .flag(\.hasBudgets))]
        for name in BudgetName.allCases {
            let show: (ServerConfiguration) -> String = { "\"\($0.budgets[name].text)\"" }
            settings.append(
                Setting(key: name.rawValue, target: .choice(show: show, set: { try $0.budgets.set($1, for: name) })))
        }
        settings.append(
            Setting(
                key: "unlimited",
                target: .list(show: { $0.budgets.unlimited.map(\.text) }, set: { try $0.budgets.setUnlimited($1) })))
        return settings
    }

    /// The settings in effect, as a file that `--config` takes.
    static func print(_ configuration: ServerConfiguration, log: LogSettings) -> String {
        let lines =
            self.all.map { "\($0.key): \($0.show(configuration))" }
            + log.texts.map { "\($0.key): \($0.text)" }
        return lines.joined(separator: "\n")
    }
}
