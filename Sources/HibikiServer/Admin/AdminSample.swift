// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiMetrics
import HibikiWire
import NIOCore

/// What the server's counts were at one moment: the same that `/metrics` shows, so that the two never disagree.
///
/// Counters are sent as they are, and whoever reads two samples makes a rate of them: one that was missed costs nothing but
/// resolution.
struct AdminSample {
    /// What the dashboard shows of `/metrics`.
    static let families: Set<String> = [
        "hibiki_bytes_total", "hibiki_connections", "hibiki_connections_begun_total", "hibiki_dropped_messages_total",
        "hibiki_log_bytes", "hibiki_log_events", "hibiki_log_topics", "hibiki_published_events_total",
        "hibiki_queue_bytes", "hibiki_recoveries_total", "hibiki_refusals_total", "hibiki_slow_streams_closed_total",
        "hibiki_topics_with_members", "hibiki_websocket_closes_total", "process_cpu_seconds_total", "process_max_fds",
        "process_open_fds", "process_resident_memory_bytes", "socketio_connections_total", "socketio_sockets",
        "websocket_message_latency_seconds", "websocket_messages_total",
    ]

    var time: Timestamp
    /// How long an event loop took to have a turn, the slowest of them.
    var loopDelay: Duration
    var families: [MetricFamily]

    /// `{"time", "loopDelay", "values": {"hibiki_connections": {"http": 1, …}, …}}`; a series is named by the values of its labels.
    var json: ByteBuffer {
        JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("time", self.time.milliseconds)
                writer.member("loopDelay", self.loopDelay / .seconds(1))
                writer.member("values") { writer in
                    writer.object { writer in
                        for family in self.families where Self.families.contains(family.name) {
                            writer.member(family.name) { Self.write(family, to: &$0) }
                        }
                    }
                }
            }
        }
    }

    private static func write(_ family: MetricFamily, to writer: inout JSONWriter) {
        writer.object { writer in
            for series in family.series {
                let name = series.labels.map(\.value).joined(separator: " ")
                switch series.value {
                case .integer(let number): writer.member(name, number)
                case .number(let number): writer.member(name, number)
                case .histogram(let histogram):
                    writer.member("count", histogram.count)
                    writer.member("sum", histogram.sum)
                }
            }
        }
    }
}
