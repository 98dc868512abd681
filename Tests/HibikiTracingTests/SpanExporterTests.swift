// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Logging
import NIOCore
import ServiceLifecycle
import Testing
import Tracing

@testable import HibikiTracing

@Suite(.timeLimit(.minutes(1))) struct `The exporter` {
    private func make(_ count: Int, _ exporter: SpanExporter) {
        let tracer = SpanTracer(exporter)
        for number in 0..<count { tracer.startSpan("\(number)", context: .topLevel).end() }
    }

    @Test func `drops what finds no room, and counts it`() async {
        let collector = Collector()
        let exporter = collector.exporter { $0.queue = 3 }
        self.make(5, exporter)
        #expect(exporter.counts == SpanCounts(dropped: 2, waiting: 3))
        await exporter.sendAll(until: nil)
        #expect(exporter.counts == SpanCounts(delivered: 3, dropped: 2))
    }

    @Test func `sends batches, the oldest first`() async {
        let collector = Collector()
        let exporter = collector.exporter { $0.batch = 2 }
        self.make(5, exporter)
        await exporter.sendAll(until: nil)
        let names = collector.bodies.map { body in
            ["0", "1", "2", "3", "4"].filter { body.contains(#""name":"\#($0)""#) }
        }
        #expect(names == [["0", "1"], ["2", "3"], ["4"]])
    }

    @Test func `sends again what a busy collector did not take`() async {
        let collector = Collector(.later(after: nil), .later(after: .zero), .taken(rejected: 0))
        let exporter = collector.exporter()
        self.make(1, exporter)
        await exporter.sendAll(until: nil)
        #expect(collector.bodies.count == 3)
        #expect(Set(collector.bodies).count == 1)
        #expect(exporter.counts == SpanCounts(delivered: 1))
    }

    @Test func `gives up after its attempts`() async {
        let collector = Collector(.later(after: nil), .later(after: nil), .later(after: nil))
        let exporter = collector.exporter()
        self.make(2, exporter)
        await exporter.sendAll(until: nil)
        #expect(collector.bodies.count == 3)
        #expect(exporter.counts == SpanCounts(failed: 2))
    }

    @Test func `sends a batch once that is refused`() async {
        let collector = Collector(.refused)
        let exporter = collector.exporter()
        self.make(2, exporter)
        await exporter.sendAll(until: nil)
        #expect(collector.bodies.count == 1)
        #expect(exporter.counts == SpanCounts(failed: 2))
    }

    @Test(arguments: [(1, 1, 1), (2, 0, 2), (9, 0, 2), (-1, 2, 0)])
    func `believes a collector what it has rejected`(_ rejected: Int, _ delivered: Int, _ failed: Int) async {
        let exporter = Collector(.taken(rejected: rejected)).exporter()
        self.make(2, exporter)
        await exporter.sendAll(until: nil)
        #expect(exporter.counts == SpanCounts(delivered: delivered, failed: failed))
    }

    @Test func `waits for nobody when its time is over`() async {
        let collector = Collector()
        let exporter = collector.exporter()
        self.make(2, exporter)
        await exporter.sendAll(until: .now)
        #expect(collector.bodies.isEmpty)
        #expect(exporter.counts == SpanCounts(failed: 2))
    }

    @Test func `sends what is there when it is stopped`() async throws {
        let collector = Collector()
        let exporter = collector.exporter { $0.interval = .seconds(3_600) }
        self.make(2, exporter)
        let group = ServiceGroup(
            services: [exporter], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        async let running: Void = group.run()
        await group.triggerGracefulShutdown()
        try await running
        #expect(exporter.counts == SpanCounts(delivered: 2))
    }
}
