// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import Tracing

/// Records spans and leaves them with an exporter.
///
/// ```swift
/// let exporter = SpanExporter(resource: ["service.name": "shop"], logger: logger) { body in … }
/// InstrumentationSystem.bootstrap(SpanTracer(exporter, ratio: 0.1))
/// ```
///
/// Whoever begins a trace decides whether it is recorded: a request that comes with `traceparent` is recorded if that says so,
/// and of those that come without one the share `ratio`.
public struct SpanTracer: Tracer {
    private let exporter: SpanExporter
    private let sampler: RatioSampler

    /// - Parameter ratio: from 0 for none to 1 for all.
    public init(_ exporter: SpanExporter, ratio: Double = 1) {
        self.exporter = exporter
        self.sampler = RatioSampler(ratio)
    }

    public func startSpan<Instant: TracerInstant>(
        _ operationName: String, context: @autoclosure () -> InstrumentationContext, ofKind kind: SpanKind,
        at instant: @autoclosure () -> Instant, function: String, file fileID: String, line: UInt
    ) -> ExportedSpan {
        var context = context()
        let parent = context.trace
        var generator = SystemRandomNumberGenerator()
        let trace = self.trace(below: parent, using: &generator)
        context.trace = trace
        guard trace.isSampled else { return ExportedSpan(context: context) }
        let record = SpanRecord(
            name: operationName, kind: kind, trace: trace, parent: parent?.spanID,
            start: instant().nanosecondsSinceEpoch)
        return ExportedSpan(context: context, record: record, exporter: self.exporter)
    }

    func trace(below parent: TraceContext?, using generator: inout some RandomNumberGenerator) -> TraceContext {
        let spanID = TraceContext.SpanID.random(using: &generator)
        if var trace = parent {
            trace.spanID = spanID
            return trace
        }
        let traceID = TraceContext.TraceID.random(using: &generator)
        return TraceContext(traceID: traceID, spanID: spanID, isSampled: self.sampler.takes(traceID))
    }

    public func extract<Carrier, Extract: Extractor>(
        _ carrier: Carrier, into context: inout InstrumentationContext, using extractor: Extract
    ) where Extract.Carrier == Carrier {
        guard let parent = extractor.extract(key: TraceContext.parentField, from: carrier) else { return }
        let state = extractor.extract(key: TraceContext.stateField, from: carrier)
        guard let trace = TraceContext(parent: parent, state: state) else { return }
        context.trace = trace
    }

    public func inject<Carrier, Inject: Injector>(
        _ context: InstrumentationContext, into carrier: inout Carrier, using injector: Inject
    ) where Inject.Carrier == Carrier {
        guard let trace = context.trace else { return }
        injector.inject(trace.parent, forKey: TraceContext.parentField, into: &carrier)
        guard !trace.state.isEmpty else { return }
        injector.inject(trace.state, forKey: TraceContext.stateField, into: &carrier)
    }

    /// Does nothing: the exporter sends by itself.
    public func forceFlush() {}
}

extension TraceContext.TraceID {
    static func random(using generator: inout some RandomNumberGenerator) -> Self {
        // One of the two is zero once in 2^64 times, and both are never.
        Self(high: generator.next(), low: max(1, generator.next())) ?? Self.random(using: &generator)
    }
}

extension TraceContext.SpanID {
    static func random(using generator: inout some RandomNumberGenerator) -> Self {
        Self(max(1, generator.next())) ?? Self.random(using: &generator)
    }
}
