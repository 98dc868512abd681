// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiServer
import Logging

/// What flags, environment and file come to.
struct EffectiveSettings: Sendable {
    var configuration: ServerConfiguration
    var log: LogSettings

    /// Each setting as it is written.
    fileprivate var texts: [(key: String, text: String)] {
        Settings.all.map { ($0.key, $0.show(self.configuration)) } + self.log.texts
    }
}

/// Reads the settings again, has the server take those that it can, and says what it did.
actor SettingsReload {
    /// What the server takes while it runs.
    static let reloadable = Set(BudgetName.allCases.map(\.rawValue)).union([
        "admin-password-file", "admin-session", "budgets", "unlimited",
        "allowed-origin", "api-key", "api-key-file", "close-timeout", "drain", "head-timeout", "healthy-connections",
        "idle-timeout", "log-level",
        "longest-wait", "max-connections", "max-connections-per-address", "max-fields", "max-fragments", "max-head",
        "max-queue", "ping-interval", "pong-timeout", "reconnect-delay", "reconnect-rate", "sse-heartbeat", "sse-retry",
    ])

    private let started: EffectiveSettings
    private var current: EffectiveSettings
    private let server: HibikiServer
    private let level: SharedLogLevel
    private let logger: Logger
    private let read: @Sendable () async throws -> EffectiveSettings

    init(
        _ settings: EffectiveSettings, server: HibikiServer, level: SharedLogLevel, logger: Logger,
        read: @escaping @Sendable () async throws -> EffectiveSettings
    ) {
        self.started = settings
        self.current = settings
        self.server = server
        self.level = level
        self.logger = logger
        self.read = read
    }

    /// Settings that cannot be read change nothing.
    func run() async {
        let new: EffectiveSettings
        do {
            new = try await self.read()
        } catch {
            self.logger.error("the settings cannot be read again; nothing has changed", metadata: ["error": "\(error)"])
            return
        }
        self.tell(new)
        self.current = new
        self.level.value = new.log.level
        await self.server.reload(new.configuration)
    }

    /// What needs a restart is said until there was one.
    private func tell(_ new: EffectiveSettings) {
        var isSame = true
        for ((key, text), (before, start)) in zip(new.texts, zip(self.current.texts, self.started.texts)) {
            let isReloadable = Self.reloadable.contains(key)
            let old = isReloadable ? before.text : start.text
            guard text != old else { continue }
            isSame = false
            let metadata: Logger.Metadata = ["setting": "\(key)", "from": "\(old)", "to": "\(text)"]
            if isReloadable {
                self.logger.notice("a setting has changed", metadata: metadata)
            } else {
                self.logger.warning("a setting has changed that needs a restart", metadata: metadata)
            }
        }
        if isSame {
            self.logger.notice("the settings are the same as before")
        }
    }
}
