// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Synchronization
public import Tracing

/// A span of a ``SpanTracer``. One that is not sampled keeps nothing, and hands its context on all the same.
public final class ExportedSpan: Span {
    public let context: InstrumentationContext
    private let exporter: SpanExporter?
    /// `nil` for one that is not sampled, and after the end.
    private let record: Mutex<SpanRecord?>

    init(context: InstrumentationContext, record: SpanRecord? = nil, exporter: SpanExporter? = nil) {
        self.context = context
        self.record = Mutex(record)
        self.exporter = exporter
    }

    public var isRecording: Bool { self.record.withLock { $0 != nil } }

    public var operationName: String {
        get { self.record.withLock { $0?.name } ?? "" }
        set { self.record.withLock { $0?.name = newValue } }
    }

    public var attributes: SpanAttributes {
        get { self.record.withLock { $0?.attributes } ?? [:] }
        set { self.record.withLock { $0?.attributes = newValue } }
    }

    public func setStatus(_ status: SpanStatus) {
        self.record.withLock { $0?.status = status }
    }

    public func addEvent(_ event: SpanEvent) {
        self.record.withLock { $0?.add(event) }
    }

    /// Takes note of the error's type. Its words are left out, because they may quote what a client has sent: a token, say.
    public func recordError<Instant: TracerInstant>(
        _ error: any Error, attributes: SpanAttributes, at instant: @autoclosure () -> Instant
    ) {
        guard self.isRecording else { return }
        var attributes = attributes
        attributes["exception.type"] = String(reflecting: type(of: error))
        self.addEvent(SpanEvent(name: "exception", at: instant(), attributes: attributes))
    }

    public func addLink(_ link: SpanLink) {
        self.record.withLock { $0?.add(link) }
    }

    /// Hands the span to the exporter. What comes after that has no effect.
    public func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
        guard var record = self.record.withLock({ $0.take() }) else { return }
        record.end = max(record.start, instant().nanosecondsSinceEpoch)
        self.exporter?.add(record)
    }
}
