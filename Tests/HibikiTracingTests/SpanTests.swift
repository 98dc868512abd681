// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Logging
import NIOCore
import Synchronization
import Testing
import Tracing

@testable import HibikiTracing

/// A collector that keeps what it gets, and answers what the test says.
final class Collector: Sendable {
    private let state: Mutex<(bodies: [String], answers: [SpanExporter.Answer])>

    init(_ answers: SpanExporter.Answer...) {
        self.state = Mutex(([], answers))
    }

    var bodies: [String] { self.state.withLock { $0.bodies } }

    func take(_ body: ByteBuffer) -> SpanExporter.Answer {
        self.state.withLock { state in
            state.bodies.append(String(buffer: body))
            return state.answers.isEmpty ? .taken(rejected: 0) : state.answers.removeFirst()
        }
    }

    func exporter(_ change: (inout SpanExporter.Configuration) -> Void = { _ in }) -> SpanExporter {
        var configuration = SpanExporter.Configuration()
        configuration.pause = .milliseconds(1)
        change(&configuration)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        return SpanExporter(
            configuration, resource: ["service.name": "te\"st"], version: "1", logger: logger
        ) { body, _ in self.take(body) }
    }
}

private struct Fields: Injector, Extractor {
    func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) { carrier[key] = value }
    func extract(key: String, from carrier: [String: String]) -> String? { carrier[key] }
}

private struct Instant: TracerInstant {
    var nanosecondsSinceEpoch: UInt64
    static func < (one: Instant, other: Instant) -> Bool { one.nanosecondsSinceEpoch < other.nanosecondsSinceEpoch }
}

@Suite struct `Spans` {
    private static let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    private func trace(_ span: ExportedSpan) throws -> TraceContext { try #require(span.context.trace) }

    @Test func `below another one have its trace, and ids of their own`() throws {
        let tracer = SpanTracer(Collector().exporter())
        let outer = tracer.startSpan("outer", context: .topLevel)
        let inner = tracer.startSpan("inner", context: outer.context)
        let other = tracer.startSpan("other", context: .topLevel)
        #expect(try self.trace(inner).traceID == self.trace(outer).traceID)
        #expect(try self.trace(inner).spanID != self.trace(outer).spanID)
        #expect(try self.trace(other).traceID != self.trace(outer).traceID)
    }

    @Test func `take their context from fields and hand it on in fields`() throws {
        let tracer = SpanTracer(Collector().exporter())
        var context = InstrumentationContext.topLevel
        tracer.extract(["traceparent": Self.parent, "tracestate": "a=b"], into: &context, using: Fields())
        let span = tracer.startSpan("x", context: context)
        var fields: [String: String] = [:]
        tracer.inject(span.context, into: &fields, using: Fields())
        let id = try self.trace(span).spanID
        #expect(
            fields == ["traceparent": "00-0af7651916cd43dd8448eb211c80319c-\(id)-01", "tracestate": "a=b"])
    }

    @Test func `outside of a trace leave no fields`() {
        var fields: [String: String] = [:]
        SpanTracer(Collector().exporter()).inject(.topLevel, into: &fields, using: Fields())
        #expect(fields.isEmpty)
    }

    @Test func `that are not recorded keep nothing, and hand that on`() async throws {
        let collector = Collector()
        let exporter = collector.exporter()
        let tracer = SpanTracer(exporter, ratio: 0)
        let outer = tracer.startSpan("outer", context: .topLevel)
        outer.attributes["a"] = 1
        let inner = tracer.startSpan("inner", context: outer.context)
        #expect(!outer.isRecording && !inner.isRecording && outer.attributes.isEmpty)
        inner.end()
        outer.end()
        await exporter.sendAll(until: nil)
        #expect(collector.bodies.isEmpty)
        #expect(try self.trace(inner).parent.hasSuffix("-00"))
    }

    @Test func `follow a parent that is recorded, whatever the ratio`() throws {
        let tracer = SpanTracer(Collector().exporter(), ratio: 0)
        var context = InstrumentationContext.topLevel
        context.trace = TraceContext(parent: Self.parent)
        #expect(tracer.startSpan("x", context: context).isRecording)
        context.trace = TraceContext(parent: Self.parent.dropLast(2) + "00")
        #expect(!SpanTracer(Collector().exporter(), ratio: 1).startSpan("x", context: context).isRecording)
    }

    @Test func `are sent as the protocol has them`() async throws {
        let collector = Collector()
        let exporter = collector.exporter()
        var context = InstrumentationContext.topLevel
        context.trace = TraceContext(parent: Self.parent, state: "a=b")
        let span = SpanTracer(exporter).startSpan(
            "GET /\"x\"", context: context, ofKind: .server, at: Instant(nanosecondsSinceEpoch: 1_000))
        span.attributes = [
            "int": 7, "text": "a\nb", "flag": true, "double": 0.5, "list": .stringArray(["a", "b"]),
        ]
        span.addEvent(SpanEvent(name: "e", at: Instant(nanosecondsSinceEpoch: 1_500), attributes: ["n": 1]))
        span.setStatus(SpanStatus(code: .error, message: "no"))
        span.addLink(SpanLink(context: context, attributes: [:]))
        span.end(at: Instant(nanosecondsSinceEpoch: 2_000))
        span.attributes["late"] = 1
        span.end()
        await exporter.sendAll(until: nil)
        let id = try self.trace(span).spanID
        let expected = #"""
            {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"te\"st"}}]},\#
            "scopeSpans":[{"scope":{"name":"hibiki","version":"1"},"spans":[\#
            {"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"\#(id)","traceState":"a=b",\#
            "parentSpanId":"b7ad6b7169203331","flags":1,"name":"GET /\"x\"","kind":2,\#
            "startTimeUnixNano":"1000","endTimeUnixNano":"2000","attributes":[\#
            {"key":"double","value":{"doubleValue":0.5}},{"key":"flag","value":{"boolValue":true}},\#
            {"key":"int","value":{"intValue":"7"}},{"key":"list","value":{"arrayValue":{"values":[\#
            {"stringValue":"a"},{"stringValue":"b"}]}}},{"key":"text","value":{"stringValue":"a\nb"}}],\#
            "events":[{"timeUnixNano":"1500","name":"e","attributes":[{"key":"n","value":{"intValue":"1"}}]}],\#
            "links":[{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331","traceState":"a=b",\#
            "attributes":[]}],"status":{"code":2,"message":"no"}}]}]}]}
            """#
        #expect(collector.bodies == [expected])
    }

    @Test func `say of an error what it is, and not what it says`() async {
        struct Leak: Error { let token = "eyJhbGciOi" }
        let collector = Collector()
        let exporter = collector.exporter()
        let tracer = SpanTracer(exporter)
        #expect(throws: Leak.self) { try tracer.withSpan("x", context: .topLevel) { _ in throw Leak() } }
        await exporter.sendAll(until: nil)
        #expect(collector.bodies.first?.contains("Leak") == true)
        #expect(collector.bodies.first?.contains("eyJ") == false)
    }

    @Test func `bound what they carry`() async {
        let collector = Collector()
        let exporter = collector.exporter()
        let span = SpanTracer(exporter).startSpan("x", context: .topLevel)
        span.attributes["long"] = String(repeating: "é", count: 5_000)
        for _ in 0..<1_000 { span.addEvent("e") }
        span.end()
        await exporter.sendAll(until: nil)
        let body = collector.bodies.first ?? ""
        #expect(body.contains("\"" + String(repeating: "é", count: 512) + "\""))
        #expect(body.components(of: "timeUnixNano") == 32)
    }
}

extension String {
    fileprivate func components(of word: String) -> Int { self.ranges(of: word).count }
}
