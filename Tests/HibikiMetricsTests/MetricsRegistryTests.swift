// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMetrics
import Metrics
import Testing

@Suite struct `A registry of metrics` {
    private let registry = MetricsRegistry(seriesPerName: 2)

    private func text(_ format: MetricFormat = .prometheus) async -> String {
        await self.registry.text(in: format)
    }

    @Test func `adds up what counters of the same name and labels count`() async {
        self.registry.describe("orders_total", help: "Orders that were taken.")
        for shop in ["kyoto", "nara", "kyoto"] {
            Counter(label: "orders_total", dimensions: [("shop", shop)], factory: self.registry).increment(by: 2)
        }
        #expect(
            await self.text().contains(
                """
                # HELP orders_total Orders that were taken.
                # TYPE orders_total counter
                orders_total{shop="kyoto"} 4
                orders_total{shop="nara"} 2

                """))
    }

    @Test func `gives a counter the suffix that scrapers expect`() async {
        Counter(label: "orders", factory: self.registry).increment()
        FloatingPointCounter(label: "litres", factory: self.registry).increment(by: 0.5)
        let text = await self.text()
        #expect(text.contains("\norders_total 1\n"))
        #expect(text.contains("\nlitres_total 0.5\n"))
    }

    @Test func `keeps a counter from falling`() async {
        let counter = FloatingPointCounter(label: "litres_total", factory: self.registry)
        counter.increment(by: 3)
        counter.increment(by: -1)
        counter.increment(by: Double.nan)
        #expect(await self.text().contains("litres_total 3\n"))
    }

    @Test func `shows the last value of gauges and meters`() async {
        let gauge = Gauge(label: "temperature", factory: self.registry)
        gauge.record(20.0)
        gauge.record(-1.5)
        let meter = Meter(label: "level", factory: self.registry)
        meter.set(5)
        meter.increment(by: 2)
        meter.decrement(by: 3)
        let text = await self.text()
        #expect(text.contains("# TYPE temperature gauge\ntemperature -1.5\n"))
        #expect(text.contains("# TYPE level gauge\nlevel 4\n"))
    }

    @Test func `counts observations into the buckets that were given, each with those below it`() async {
        self.registry.describe("size_bytes", help: "Sizes.", bounds: [10, 100])
        let recorder = Recorder(label: "size_bytes", factory: self.registry)
        for size in [10, 11, 100, 101] { recorder.record(size) }
        #expect(
            await self.text().contains(
                """
                # TYPE size_bytes histogram
                size_bytes_bucket{le="10.0"} 1
                size_bytes_bucket{le="100.0"} 3
                size_bytes_bucket{le="+Inf"} 4
                size_bytes_sum 222.0
                size_bytes_count 4

                """))
    }

    @Test func `takes times in seconds`() async {
        Timer(label: "work_seconds", factory: self.registry).recordNanoseconds(4_000_000)
        let text = await self.text()
        #expect(text.contains("work_seconds_bucket{le=\"0.001\"} 0\nwork_seconds_bucket{le=\"0.005\"} 1\n"))
        #expect(text.contains("work_seconds_sum 0.004\n"))
    }

    @Test func `puts label sets beyond its bound into one series and counts them`() async {
        for shop in ["a", "b", "c", "d", "a"] {
            Counter(label: "orders_total", dimensions: [("shop", shop)], factory: self.registry).increment()
        }
        let text = await self.text()
        #expect(
            text.contains("orders_total{shop=\"a\"} 2\norders_total{shop=\"b\"} 1\norders_total{shop=\"other\"} 2\n"))
        #expect(!text.contains("shop=\"c\""))
        #expect(text.contains("\nhibiki_metrics_series_overflows_total 2\n"))
    }

    @Test func `leaves a name to the kind that had it first`() async {
        Meter(label: "level", factory: self.registry).set(1)
        Timer(label: "level", factory: self.registry).recordNanoseconds(1)
        let text = await self.text()
        #expect(text.contains("level 1\n"))
        #expect(!text.contains("level_bucket"))
    }

    @Test func `asks its collectors at every scrape, and orders by name`() async {
        Meter(label: "b", factory: self.registry).set(1)
        self.registry.addCollector {
            [MetricFamily("c", .gauge, help: "C.", 3), MetricFamily("a", .gauge, help: "A.", 2)]
        }
        let names = await self.registry.families().map(\.name)
        #expect(names == ["a", "b", "c", "hibiki_metrics_series_overflows_total"])
    }

    @Test func `makes names and labels that scrapers take of others`() async {
        Counter(label: "http.requests-é", dimensions: [("1st-label", "x")], factory: self.registry).increment()
        #expect(await self.text().contains("http_requests____total{_1st_label=\"x\"} 1\n"))
    }

    @Test func `loses no count of many threads`() async {
        await withTaskGroup { tasks in
            for _ in 0..<8 {
                tasks.addTask {
                    for _ in 0..<1_000 { Counter(label: "busy_total", factory: self.registry).increment() }
                }
            }
        }
        #expect(await self.text().contains("busy_total 8000\n"))
    }
}
