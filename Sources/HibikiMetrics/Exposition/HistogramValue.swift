// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// What was observed, counted in buckets.
public struct HistogramValue: Sendable, Equatable {
    /// The upper bounds of the buckets, ascending; what is above the last is counted in ``count`` only.
    public let bounds: [Double]
    /// Observations of each bucket alone: those at or below its bound and above the bound before.
    public private(set) var counts: [UInt64]
    public private(set) var count: UInt64 = 0
    public private(set) var sum = 0.0

    public init(bounds: [Double]) {
        self.bounds = bounds.filter { $0.isFinite }.sorted()
        self.counts = Array(repeating: 0, count: self.bounds.count)
    }

    /// Takes note of one value. Neither allocates nor locks. What is not a number is left out.
    public mutating func observe(_ value: Double) {
        guard !value.isNaN else { return }
        self.count &+= 1
        self.sum += value
        guard let bucket = self.bounds.firstIndex(where: { value <= $0 }) else { return }
        self.counts[bucket] &+= 1
    }

    /// Adds what another with the same bounds has counted; one with other bounds is left out.
    public mutating func add(_ other: HistogramValue) {
        guard other.bounds == self.bounds else { return }
        for bucket in self.counts.indices {
            self.counts[bucket] &+= other.counts[bucket]
        }
        self.count &+= other.count
        self.sum += other.sum
    }
}
