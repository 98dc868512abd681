// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiMetrics
import Logging
import NIOCore
import Testing

@testable import HibikiLogging
@testable import HibikiServer

@Suite struct `The dashboard's feed` {
    private func feed(log: RecentLog? = nil) -> AdminFeed {
        let hub = Hub(
            broker: LocalBroker(log: MemoryEventLog(epoch: Epoch(1))), permissions: Permissions([]), eventLoops: [])
        let access = AdminAccess(AdminConfiguration(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        return AdminFeed(hub: hub, log: log, access: access)
    }

    private func sample(at milliseconds: Int64, _ families: [MetricFamily] = []) -> AdminSample {
        AdminSample(time: Timestamp(milliseconds: milliseconds), loopDelay: .milliseconds(2), families: families)
    }

    @Test func `writes a sample as the counts of the metrics that it shows, and no others`() {
        let families = [
            MetricFamily(
                "hibiki_connections", .gauge, help: "",
                [
                    .init(.integer(3), labels: [.init("transport", "http")]),
                    .init(.integer(7), labels: [.init("transport", "sse")]),
                ]),
            MetricFamily("hibiki_queue_bytes", .gauge, help: "", 12),
            MetricFamily("somebody_elses_total", .counter, help: "", 99),
        ]
        #expect(
            String(buffer: self.sample(at: 5, families).json)
                == #"{"time":5,"loopDelay":0.002,"values":{"hibiki_connections":{"http":3,"sse":7},"hibiki_queue_bytes":{"":12}}}"#
        )
    }

    @Test func `writes of a histogram how much and how often`() {
        var histogram = HistogramValue(bounds: [1])
        histogram.observe(0.5)
        histogram.observe(2)
        let family = MetricFamily(
            "websocket_message_latency_seconds", .histogram, help: "", [.init(.histogram(histogram))])
        let json = String(buffer: self.sample(at: 5, [family]).json)
        #expect(json.hasSuffix(#""values":{"websocket_message_latency_seconds":{"count":2,"sum":2.5}}}"#))
    }

    @Test func `begins with the last five minutes`() {
        let feed = self.feed()
        for minute in 0..<10 { feed.keep(self.sample(at: Int64(minute) * 60_000), isWatched: false) }
        let text = String(buffer: feed.opening())
        #expect(text.hasPrefix("event: samples\ndata: [{\"time\":240000,"))
        #expect(text.contains("\"time\":540000,"))
        #expect(!text.contains("\"time\":180000,"))
    }

    @Test func `begins with the last lines of the log, each under its number`() {
        let log = RecentLog(limit: 2)
        for text in ["one", "two", "three"] {
            log.append(LogRecord(time: 0, level: .info, label: "test", message: text, metadata: ["token": "x"]))
        }
        let text = String(buffer: self.feed(log: log).opening())
        #expect(text.contains("\nevent: lines\ndata: [{\"number\":2,\"line\":{\"time\":\"1970-01-01T00:00:00.000Z\""))
        #expect(text.contains(#""message":"three""#))
        #expect(!text.contains(#""message":"one""#))
        #expect(!text.contains(#""token":"x""#))
    }
}
