// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiMetrics
import HibikiTransports

/// What `/metrics` says about the server itself, read when somebody asks.
struct ServerMetrics: Sendable {
    let hub: Hub
    let door: FrontDoor
    /// The operations of the broker that are timed.
    let broker: [OperationTimer]
    /// Those of each store, by the store's name.
    let stores: [String: [OperationTimer]]

    func register(with registry: MetricsRegistry) {
        registry.addCollector { await self.families() }
    }

    func families() async -> [MetricFamily] {
        let statistics = await self.door.statistics()
        let counters = statistics.counters
        return self.connections(counters) + self.messages(statistics) + self.requests(statistics) + self.log()
            + self.latencies() + ProcessFigures.families()
    }

    private func connections(_ counters: TransportCounters) -> [MetricFamily] {
        [
            MetricFamily(
                "websocket_connections_active", .gauge, help: "WebSocket connections that are open.",
                counters.open[.webSocket]
            ),
            MetricFamily(
                "hibiki_connections", .gauge, help: "Connections that are open, by what they speak at the moment.",
                Self.series(counters.open)
            ),
            MetricFamily(
                "hibiki_connections_begun_total", .counter,
                help: "Connections that have begun to speak something: a WebSocket counts as http before.",
                Self.series(counters.opened)
            ),
            MetricFamily(
                "hibiki_websocket_closes_total", .counter,
                help: "WebSockets that have ended, by the code of whoever closed first (RFC 6455, section 7.4).",
                counters.closes.sorted { $0.key < $1.key }.map { code, count in
                    .init(count, "code", code == 0 ? MetricsRegistry.other : "\(code)")
                }
            ),
            MetricFamily(
                "hibiki_recoveries_total", .counter,
                help: "Readers that came back with a position, by topic: recovered, or told of a gap.",
                [
                    .init(counters.recoveries, "outcome", "recovered"),
                    .init(counters.gaps, "outcome", "gap"),
                ]
            ),
        ]
    }

    private static func series(_ counts: TransportCounters.Connections) -> [MetricFamily.Series] {
        ConnectionKind.allCases.map { .init(counts[$0], "transport", $0.rawValue) }
    }

    private func messages(_ statistics: TransportStatistics) -> [MetricFamily] {
        let counters = statistics.counters
        let drops = counters.drops
        return [
            MetricFamily(
                "websocket_messages_total", .counter, help: "WebSocket messages and control frames, by opcode.",
                Self.series(counters.received, "inbound") + Self.series(counters.sent, "outbound")
            ),
            MetricFamily(
                "websocket_message_latency_seconds", .histogram,
                help:
                    "From the receipt of a published event until an event loop had handed it to its members' sockets.",
                [.init(.histogram(statistics.latency))]
            ),
            MetricFamily(
                "hibiki_bytes_total", .counter,
                help: "Bytes that were read and written, without TLS and the frames of HTTP/2.",
                [
                    .init(.integer(Int64(clamping: counters.bytesIn)), labels: [.init("direction", "inbound")]),
                    .init(.integer(Int64(clamping: counters.bytesOut)), labels: [.init("direction", "outbound")]),
                ]
            ),
            MetricFamily(
                "hibiki_queue_bytes", .gauge, help: "Bytes that wait in the server for readers to take them.",
                statistics.queuedBytes
            ),
            MetricFamily(
                "hibiki_dropped_messages_total", .counter,
                help: "Messages that a reader did not get when they came, because its queue was full.",
                [
                    .init(drops.publications, "reason", "drop"), .init(drops.replaceable, "reason", "latest"),
                    .init(drops.signals, "reason", "signal"),
                ]
            ),
            MetricFamily(
                "hibiki_slow_streams_closed_total", .counter,
                help: "Event streams that were closed because their queue was full.", drops.slowStreams
            ),
        ]
    }

    private static func series(
        _ messages: TransportCounters.Messages, _ direction: String
    ) -> [MetricFamily.Series] {
        [
            ("text", messages.text), ("binary", messages.binary), ("ping", messages.ping), ("pong", messages.pong),
            ("close", messages.close),
        ].map { type, count in
            .init(.integer(Int64(count)), labels: [.init("direction", direction), .init("type", type)])
        }
    }

    private func requests(_ statistics: TransportStatistics) -> [MetricFamily] {
        let answers = statistics.counters.answers.sorted {
            ($0.key.label.text, $0.key.status) < ($1.key.label.text, $1.key.status)
        }
        let refusals = statistics.counters.refusals
        return [
            MetricFamily(
                "hibiki_http_answers_total", .counter,
                help: "Answers to HTTP requests, by route and status; what becomes a WebSocket or a stream has none.",
                answers.map { answer, count in
                    let labels = [
                        MetricFamily.Label("route", answer.label.text), .init("status", "\(answer.status)"),
                    ]
                    return .init(.integer(Int64(count)), labels: labels)
                }
            ),
            MetricFamily(
                "hibiki_refusals_total", .counter, help: "Connections and requests that met a limit.",
                [
                    .init(statistics.refusedByTotal, "limit", "max-connections"),
                    .init(statistics.refusedByAddress, "limit", "max-connections-per-address"),
                    .init(refusals[431] ?? 0, "limit", "head"), .init(refusals[413] ?? 0, "limit", "body"),
                    .init(refusals[408] ?? 0, "limit", "time"),
                ] + self.spentBudgets
            ),
        ]
    }

    private var spentBudgets: [MetricFamily.Series] {
        BudgetName.allCases.map { .init(self.hub.budgets.refusals(of: $0), "limit", $0.rawValue) }
    }

    private func log() -> [MetricFamily] {
        let size = self.hub.broker.log.size
        return [
            MetricFamily(
                "hibiki_published_events_total", .counter, help: "Events that were appended to the log.",
                [.init(.integer(Int64(clamping: self.hub.broker.log.appended)))]),
            MetricFamily("hibiki_log_topics", .gauge, help: "Topics that the log holds.", size.topics),
            MetricFamily("hibiki_log_events", .gauge, help: "Events that the log holds.", size.publications),
            MetricFamily("hibiki_log_bytes", .gauge, help: "Bytes that the log counts for them.", size.bytes),
            MetricFamily(
                "hibiki_topics_with_members", .gauge, help: "Topics that somebody follows.",
                self.hub.topicsWithMembers
            ),
        ]
    }
}

// MARK: What brokers and stores take

extension ServerMetrics {
    private func latencies() -> [MetricFamily] {
        [
            MetricFamily(
                "hibiki_broker_operation_seconds", .histogram,
                help: "What operations of the broker take, of which one in so many is timed.",
                self.broker.map(Self.series)
            ),
            MetricFamily(
                "hibiki_store_operation_seconds", .histogram,
                help: "What operations of the stores take, of which one in so many is timed.",
                self.stores.sorted { $0.key < $1.key }.flatMap { store, timers in
                    timers.map { timer in
                        var series = Self.series(timer)
                        series.labels.insert(.init("store", store), at: 0)
                        return series
                    }
                }
            ),
        ]
    }

    private static func series(_ timer: OperationTimer) -> MetricFamily.Series {
        .init(.histogram(timer.times), labels: [.init("operation", timer.operation)])
    }
}

extension MetricFamily.Series {
    fileprivate init(_ count: Int, _ label: String, _ value: String) {
        self.init(.integer(Int64(count)), labels: [MetricFamily.Label(label, value)])
    }
}
