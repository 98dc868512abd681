// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMetrics
import HibikiTracing

/// What `/metrics` says about traces, where there are some.
enum TracingMetrics {
    static func add(_ exporter: SpanExporter, to metrics: MetricsRegistry) {
        metrics.addCollector {
            let counts = exporter.counts
            let outcomes = [("delivered", counts.delivered), ("dropped", counts.dropped), ("failed", counts.failed)]
            return [
                MetricFamily(
                    "hibiki_trace_spans_total", .counter,
                    help: "Spans of traces, by what became of them.",
                    outcomes.map { .init(.integer(Int64($1)), labels: [.init("outcome", $0)]) }
                ),
                MetricFamily(
                    "hibiki_trace_spans_waiting", .gauge, help: "Spans that wait to be sent to the collector.",
                    counts.waiting
                ),
            ]
        }
    }
}
