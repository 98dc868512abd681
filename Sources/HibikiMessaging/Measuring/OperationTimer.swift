// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiMetrics
public import NIOCore
import Synchronization

/// How long one kind of operation takes, in a histogram that is read when somebody asks.
///
/// An operation that takes a microsecond would be slowed down by being timed, so of many only one in so many is. Those that
/// are not timed cost one addition.
public final class OperationTimer: Sendable {
    /// The upper bounds of the buckets, in seconds: from what memory takes to what a network takes that is in trouble.
    public static let bounds = [0.000_01, 0.000_1, 0.000_5, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5]

    /// What the operations are called, as a label of a metric.
    public let operation: String
    private let mask: UInt64
    private let begun = Atomic<UInt64>(0)
    private let histogram = Mutex(HistogramValue(bounds: OperationTimer.bounds))

    /// - Parameter interval: of how many operations one is timed, the first among them; rounded up to a power of two.
    ///   Default 1: all of them.
    public init(_ operation: String, oneIn interval: Int = 1) {
        self.operation = operation
        var power: UInt64 = 1
        while power < UInt64(clamping: interval), power < 1 << 32 { power <<= 1 }
        self.mask = power - 1
    }

    /// - Returns: when the operation began, to be handed to ``stop(_:)`` at its end; `nil` for one that is not timed.
    public func start() -> NIODeadline? {
        self.begun.wrappingAdd(1, ordering: .relaxed).oldValue & self.mask == 0 ? .now() : nil
    }

    public func stop(_ start: NIODeadline?) {
        guard let start else { return }
        let seconds = Double((NIODeadline.now() - start).nanoseconds) / 1e9
        self.histogram.withLock { $0.observe(seconds) }
    }

    /// Those that were timed.
    public var times: HistogramValue { self.histogram.withLock { $0 } }
}
