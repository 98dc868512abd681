// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

package import HibikiMessaging
package import HibikiTransports
import Synchronization

extension SocketIOServer {
    /// Begins on a hub, and gives what the front door is to serve.
    ///
    /// - Parameter now: the clock of events that can be recovered.
    package func mount(on hub: Hub, now: @escaping @Sendable () -> Timestamp) -> Mount {
        self.start(on: hub, now: now)
        let engine = EngineServer(
            path: Self.prefix(self.configuration.path), configuration: self.configuration.engine, ids: self.ids
        ) { self.makeApplication(for: $0) }
        self.state.withLock { state in
            if case .running = state.phase { state.engine = engine }
        }
        return Mount([engine.route])
    }

    /// What the log is to keep of namespaces that offer recovery, and the topics that they are.
    package static var retention: TopicRetention { RecoveryOptions.retention }
    package static var topicPrefix: String { RecoveryOptions.topicPrefix }

    /// Sessions that are open now, whatever namespaces they are in.
    public var sessionCount: Int { self.state.withLock { $0.engine }?.sessionCount ?? 0 }

    private static func prefix(_ path: String) -> String {
        let end = path.utf8.last == UInt8(ascii: "/") ? path : path + "/"
        return end.utf8.first == UInt8(ascii: "/") ? end : "/" + end
    }
}
