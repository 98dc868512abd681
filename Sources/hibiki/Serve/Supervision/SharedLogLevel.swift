// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Logging
import Synchronization

/// The level of all loggers of the server, which a reload may change.
final class SharedLogLevel: Sendable {
    private let level: Mutex<Logger.Level>

    init(_ level: Logger.Level) {
        self.level = Mutex(level)
    }

    var value: Logger.Level {
        get { self.level.withLock { $0 } }
        set { self.level.withLock { $0 = newValue } }
    }
}

/// Hands lines on that are important enough. A logger that was given a level of its own keeps it.
struct SharedLevelLogHandler: LogHandler {
    private var handler: any LogHandler
    private let shared: SharedLogLevel
    private var own: Logger.Level?

    init(_ handler: any LogHandler, _ shared: SharedLogLevel) {
        self.handler = handler
        self.shared = shared
        self.handler.logLevel = .trace
    }

    var logLevel: Logger.Level {
        get { self.own ?? self.shared.value }
        set { self.own = newValue }
    }

    var metadata: Logger.Metadata {
        get { self.handler.metadata }
        set { self.handler.metadata = newValue }
    }

    var metadataProvider: Logger.MetadataProvider? {
        get { self.handler.metadataProvider }
        set { self.handler.metadataProvider = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.handler[metadataKey: key] }
        set { self.handler[metadataKey: key] = newValue }
    }

    func log(event: LogEvent) {
        self.handler.log(event: event)
    }
}
