// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMetrics
import Testing

@Suite struct `The formats of metrics` {
    private func text(_ format: MetricFormat, _ families: MetricFamily...) async -> String {
        let registry = MetricsRegistry()
        registry.addCollector { families }
        let text = await registry.text(in: format)
        return text.split(separator: "\n").filter { !$0.contains(MetricsRegistry.overflowName.dropLast(6)) }
            .joined(separator: "\n")
    }

    @Test func `differ in the name of a counter and in the end`() async {
        let family = MetricFamily("a_total", .counter, help: "A.", 1)
        #expect(await self.text(.prometheus, family) == "# HELP a_total A.\n# TYPE a_total counter\na_total 1")
        #expect(await self.text(.openMetrics, family) == "# HELP a A.\n# TYPE a counter\na_total 1\n# EOF")
    }

    @Test func `escape what would end a value or a line`() async {
        let labels = [MetricFamily.Label("path", "a\\b\"c\nd")]
        let family = MetricFamily("a", .gauge, help: "\"x\"\n\\", [.init(.number(0.5), labels: labels)])
        #expect(
            await self.text(.prometheus, family)
                == #"""
                # HELP a "x"\n\\
                # TYPE a gauge
                a{path="a\\b\"c\nd"} 0.5
                """#)
        #expect(await self.text(.openMetrics, family).hasPrefix(##"# HELP a \"x\"\n\\"##))
    }

    @Test(arguments: [(Double.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"), (1, "1.0"), (1e-7, "1e-07")])
    func `spell numbers as scrapers read them`(_ value: Double, _ spelling: String) async {
        let family = MetricFamily("a", .gauge, help: "A.", [.init(.number(value))])
        #expect(await self.text(.prometheus, family).hasSuffix("\na \(spelling)"))
    }

    @Test(arguments: [
        ("", MetricFormat.prometheus), ("*/*", .prometheus), ("text/plain", .prometheus),
        ("application/openmetrics-text", .openMetrics), ("application/openmetrics-text; version=1.0.0", .openMetrics),
        ("application/openmetrics-text;version=9.0.0", .prometheus),
        ("application/openmetrics-text;q=0", .prometheus), ("application/openmetrics-text;q=nonsense", .prometheus),
        ("application/openmetrics-text;q=0.5,text/plain;q=0.9", .prometheus),
        (
            "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
                + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1", .openMetrics
        ),
    ])
    func `are chosen by what a scraper accepts`(_ accept: String, _ format: MetricFormat) {
        #expect(MetricFormat(accept: accept) == format)
    }

    @Test func `add histograms of the same bounds only`() {
        var sum = HistogramValue(bounds: [1, .infinity, 0.5])
        #expect(sum.bounds == [0.5, 1])
        sum.observe(0.5)
        sum.observe(.nan)
        var other = HistogramValue(bounds: [0.5, 1])
        other.observe(0.7)
        other.observe(7)
        sum.add(other)
        var foreign = HistogramValue(bounds: [2])
        foreign.observe(1)
        sum.add(foreign)
        #expect(sum.counts == [1, 1])
        #expect(sum.count == 3)
        #expect(sum.sum == 8.2)
    }
}
