// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import Metrics
import Synchronization

/// A backend of swift-metrics that scrapers read in the formats of Prometheus and of OpenMetrics.
///
/// ```swift
/// let registry = MetricsRegistry()
/// MetricsSystem.bootstrap(registry)
/// registry.describe("orders_total", help: "Orders that were taken.")
/// Counter(label: "orders_total", dimensions: [("shop", "kyoto")]).increment()
/// let page = await registry.text(in: .prometheus)
/// ```
///
/// A name keeps the kind that it was made with first; another kind of the same name measures into the void, as does a name that
/// has no letter a scraper would take. Label values are bounded by ``seriesPerName``.
public final class MetricsRegistry: MetricsFactory {
    /// Where a timer or a recorder that nobody has described has its buckets: the guide's.
    public static let defaultBounds = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1]
    /// The label value of everything beyond ``seriesPerName``.
    public static let other = "other"
    /// How many instruments were given the series `other`.
    public static let overflowName = "hibiki_metrics_series_overflows_total"

    /// The most sets of label values of one name. What asks for a further one gets the series whose label values are all `other`.
    public let seriesPerName: Int

    private struct State {
        var descriptions: [String: (help: String, bounds: [Double])] = [:]
        var tables: [String: SeriesTable] = [:]
        var collectors: [@Sendable () async -> [MetricFamily]] = []
        var overflows: Int64 = 0
    }

    private let state = Mutex(State())

    /// - Parameter seriesPerName: by default 200.
    public init(seriesPerName: Int = 200) {
        self.seriesPerName = max(1, seriesPerName)
    }

    /// Says what a metric is, before it is made.
    ///
    /// - Parameter bounds: the upper bounds of its buckets, ascending, if it is a timer or a recorder.
    public func describe(_ name: String, help: String, bounds: [Double] = MetricsRegistry.defaultBounds) {
        let name = MetricName.sanitized(name)
        self.state.withLock { $0.descriptions[name] = (help, bounds) }
    }

    /// Has `collect` called at every scrape, for what is counted elsewhere. Its names should not be those of instruments.
    public func addCollector(_ collect: @escaping @Sendable () async -> [MetricFamily]) {
        self.state.withLock { $0.collectors.append(collect) }
    }

    /// Everything that is known now, ordered by name.
    public func text(in format: MetricFormat) async -> String {
        var writer = MetricTextWriter(format)
        for family in await self.families() {
            writer.write(family)
        }
        writer.finish()
        return writer.text
    }

    /// Everything that is known now, ordered by name. Of two families of one name the first counts.
    public func families() async -> [MetricFamily] {
        var families = self.instruments()
        for collect in self.state.withLock({ $0.collectors }) {
            families += await collect()
        }
        var names: Set<String> = []
        return families.filter { names.insert($0.name).inserted }.sorted { $0.name < $1.name }
    }

    private func instruments() -> [MetricFamily] {
        self.state.withLock { state in
            let overflows = MetricFamily(
                Self.overflowName, .counter,
                help:
                    "Instruments that share the series `other`, because their name has too many sets of label values.",
                [MetricFamily.Series(.integer(state.overflows))]
            )
            return state.tables.map { name, table in
                MetricFamily(name, table.kind, help: state.descriptions[name]?.help ?? name, table.readings)
            } + [overflows]
        }
    }

    // MARK: Making

    /// The instrument of a name and its labels; made if it is not there yet.
    private func instrument<Instrument: AnyObject & Sendable>(
        _ label: String, _ dimensions: [(String, String)], _ kind: MetricFamily.Kind,
        _ make: ([Double]) -> Instrument, _ read: @escaping @Sendable (Instrument) -> MetricFamily.Series.Value
    ) -> Instrument {
        let name = MetricName.sanitized(label, isCounter: kind == .counter)
        let labels = MetricName.labels(dimensions)
        return self.state.withLock { state in
            let bounds = state.descriptions[name]?.bounds ?? Self.defaultBounds
            var table = state.tables[name] ?? SeriesTable(kind: kind)
            guard table.kind == kind else { return make(bounds) }
            let (key, isOverflow) = table.key(for: labels, limit: self.seriesPerName)
            if isOverflow { state.overflows += 1 }
            if let known = table.instrument(key) as? Instrument { return known }
            let instrument = make(bounds)
            table.add(instrument, key) { read(instrument) }
            state.tables[name] = table
            return instrument
        }
    }

    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        self.instrument(label, dimensions, .counter, { _ in CounterInstrument() }, \.reading)
    }

    public func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        self.instrument(label, dimensions, .counter, { _ in CounterInstrument() }, \.reading)
    }

    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        self.instrument(label, dimensions, .gauge, { _ in GaugeInstrument() }, \.reading)
    }

    /// - Parameter aggregate: a histogram; otherwise the last value, which is what swift-metrics calls a gauge.
    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        guard aggregate else {
            return self.instrument(label, dimensions, .gauge, { _ in GaugeInstrument() }, \.reading)
        }
        return self.instrument(label, dimensions, .histogram, HistogramInstrument.init, \.reading)
    }

    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        self.instrument(label, dimensions, .histogram, HistogramInstrument.init, \.reading)
    }

    // A scraper takes a series that vanishes and comes back for a counter that was reset, so instruments stay.
    public func destroyCounter(_ handler: any CounterHandler) {}
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    public func destroyMeter(_ handler: any MeterHandler) {}
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    public func destroyTimer(_ handler: any TimerHandler) {}
}
