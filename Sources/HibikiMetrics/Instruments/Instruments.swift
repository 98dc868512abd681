// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Metrics
import Synchronization

/// A counter, of whole numbers or of others. It never falls: what is negative is left out.
final class CounterInstrument: CounterHandler, FloatingPointCounterHandler, Sendable {
    private let value = Mutex(0.0)

    func increment(by amount: Int64) { self.increment(by: Double(amount)) }

    func increment(by amount: Double) {
        guard amount.isFinite, amount > 0 else { return }
        self.value.withLock { $0 += amount }
    }

    func reset() { self.value.withLock { $0 = 0 } }

    var reading: MetricFamily.Series.Value { self.value.withLock { .init($0) } }
}

/// A value that goes up and down: the last that was set.
final class GaugeInstrument: MeterHandler, RecorderHandler, Sendable {
    private let value = Mutex(0.0)

    func set(_ value: Int64) { self.set(Double(value)) }
    func set(_ value: Double) { self.value.withLock { $0 = value } }
    func increment(by amount: Double) { self.value.withLock { $0 += amount } }
    func decrement(by amount: Double) { self.value.withLock { $0 -= amount } }
    func record(_ value: Int64) { self.set(value) }
    func record(_ value: Double) { self.set(value) }

    var reading: MetricFamily.Series.Value { self.value.withLock { .init($0) } }
}

/// Observations in buckets. A timer's are in seconds.
final class HistogramInstrument: RecorderHandler, TimerHandler, Sendable {
    private let value: Mutex<HistogramValue>

    init(bounds: [Double]) {
        self.value = Mutex(HistogramValue(bounds: bounds))
    }

    func record(_ value: Int64) { self.record(Double(value)) }
    func record(_ value: Double) { self.value.withLock { $0.observe(value) } }
    func recordNanoseconds(_ duration: Int64) { self.record(Double(duration) / 1e9) }

    var reading: MetricFamily.Series.Value { .histogram(self.value.withLock { $0 }) }
}

extension MetricFamily.Series.Value {
    fileprivate init(_ value: Double) {
        if let whole = Int64(exactly: value) {
            self = .integer(whole)
        } else {
            self = .number(value)
        }
    }
}
