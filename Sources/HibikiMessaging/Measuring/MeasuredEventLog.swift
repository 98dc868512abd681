// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiWire
public import NIOCore

/// A log whose operations are timed, whatever log it is.
public final class MeasuredEventLog: EventLog {
    private let base: any EventLog
    private let appending: OperationTimer
    private let reading: OperationTimer
    private let sweeping = OperationTimer("sweep")

    /// - Parameter interval: of how many appends and reads one is timed. Default 1.
    public init(_ base: any EventLog, oneIn interval: Int = 1) {
        self.base = base
        self.appending = OperationTimer("append", oneIn: interval)
        self.reading = OperationTimer("read", oneIn: interval)
    }

    public var timers: [OperationTimer] { [self.appending, self.reading, self.sweeping] }

    public func append(
        _ draft: Draft, at now: Timestamp, deliver: (Publication) -> Void
    ) throws(WireError) -> PublishReceipt {
        let start = self.appending.start()
        defer { self.appending.stop(start) }
        return try self.base.append(draft, at: now, deliver: deliver)
    }

    public func read(_ topic: Topic, from start: LogStart, limit: Int, at now: Timestamp) -> LogSlice {
        let began = self.reading.start()
        defer { self.reading.stop(began) }
        return self.base.read(topic, from: start, limit: limit, at: now)
    }

    public func sweep(at now: Timestamp) {
        let start = self.sweeping.start()
        self.base.sweep(at: now)
        self.sweeping.stop(start)
    }

    public func rewrite(_ scope: LogScope, _ payload: (Publication) -> ByteBuffer?) {
        self.base.rewrite(scope, payload)
    }

    public var size: LogSize { self.base.size }
    public var appended: UInt64 { self.base.appended }

    public func select(into selection: inout TopicSelection) {
        self.base.select(into: &selection)
    }

    public func extent(of topic: Topic, at now: Timestamp) -> TopicExtent? {
        self.base.extent(of: topic, at: now)
    }
}
