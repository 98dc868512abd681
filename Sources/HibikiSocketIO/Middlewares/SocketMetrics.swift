// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import Metrics
import Synchronization

/// Counts sockets, events and errors in swift-metrics.
///
/// | metric | kind | dimensions |
/// |---|---|---|
/// | `<prefix>_sockets` | gauge | `namespace` |
/// | `<prefix>_connections_total` | counter | `namespace`, `recovered` |
/// | `<prefix>_disconnects_total` | counter | `namespace`, `reason` |
/// | `<prefix>_events_total` | counter | `namespace`; unless it was made with `countsEvents: false` |
/// | `<prefix>_errors_total` | counter | `namespace` |
///
/// Namespaces that clients have made count together as `dynamic`, so that clients cannot make metrics.
public final class SocketMetrics: SocketMiddleware {
    private struct Family {
        var sockets = 0
        let gauge: Gauge
        let events: Counter?
        let errors: Counter

        init(_ prefix: String, _ namespace: String, countsEvents: Bool) {
            let dimensions = [("namespace", namespace)]
            self.gauge = Gauge(label: "\(prefix)_sockets", dimensions: dimensions)
            self.events = countsEvents ? Counter(label: "\(prefix)_events_total", dimensions: dimensions) : nil
            self.errors = Counter(label: "\(prefix)_errors_total", dimensions: dimensions)
        }
    }

    private let prefix: String
    private let countsEvents: Bool
    private let families = Mutex<[String: Family]>([:])

    /// - Parameters:
    ///   - prefix: by default `socketio`.
    ///   - countsEvents: whether events are counted, which costs a call of swift-metrics for each of them. Default on.
    public init(prefix: String = "socketio", countsEvents: Bool = true) {
        self.countsEvents = countsEvents
        self.prefix = prefix
    }

    public func connected(_ socket: Socket) {
        let name = socket.namespace.parent == nil ? socket.namespace.name : "dynamic"
        let (events, errors) = self.count(1, name)
        Counter(
            label: "\(self.prefix)_connections_total",
            dimensions: [("namespace", name), ("recovered", "\(socket.recovered)")]
        ).increment()
        if let events {
            socket.onAny { _, _ in events.increment() }
        }
        socket.onError { _ in errors.increment() }
        socket.onDisconnect { [self] reason, _ in
            _ = self.count(-1, name)
            Counter(
                label: "\(self.prefix)_disconnects_total",
                dimensions: [("namespace", name), ("reason", reason.rawValue)]
            ).increment()
        }
    }

    private func count(_ change: Int, _ name: String) -> (events: Counter?, errors: Counter) {
        self.families.withLock { families in
            var family = families[name] ?? Family(self.prefix, name, countsEvents: self.countsEvents)
            family.sockets += change
            family.gauge.record(family.sockets)
            families[name] = family
            return (family.events, family.errors)
        }
    }
}
