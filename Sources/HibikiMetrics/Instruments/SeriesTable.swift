// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The instruments of one name, by their labels.
struct SeriesTable {
    private struct Entry {
        let instrument: any AnyObject & Sendable
        let read: @Sendable () -> MetricFamily.Series.Value
    }

    let kind: MetricFamily.Kind
    private var entries: [[MetricFamily.Label]: Entry] = [:]
    private var order: [[MetricFamily.Label]] = []

    init(kind: MetricFamily.Kind) {
        self.kind = kind
    }

    /// The labels under which an instrument is kept: its own, or `other` for each where there are `limit` of them already.
    func key(for labels: [MetricFamily.Label], limit: Int) -> (labels: [MetricFamily.Label], isOverflow: Bool) {
        guard self.entries[labels] == nil, self.entries.count >= limit, !labels.isEmpty else { return (labels, false) }
        return (labels.map { MetricFamily.Label($0.name, MetricsRegistry.other) }, true)
    }

    func instrument(_ labels: [MetricFamily.Label]) -> (any AnyObject & Sendable)? {
        self.entries[labels]?.instrument
    }

    mutating func add(
        _ instrument: any AnyObject & Sendable, _ labels: [MetricFamily.Label],
        read: @escaping @Sendable () -> MetricFamily.Series.Value
    ) {
        self.entries[labels] = Entry(instrument: instrument, read: read)
        self.order.append(labels)
    }

    /// In the order in which they were made.
    var readings: [MetricFamily.Series] {
        self.order.compactMap { labels in
            self.entries[labels].map { MetricFamily.Series($0.read(), labels: labels) }
        }
    }
}
