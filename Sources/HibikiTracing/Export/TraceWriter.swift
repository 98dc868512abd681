// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
import NIOCore
import Tracing

/// Writes spans as a request of OTLP in JSON: `ExportTraceServiceRequest` in the JSON form of protobuf, with the ids in
/// hexadecimal digits (OTLP §JSON Protobuf Encoding).
struct TraceWriter: Sendable {
    /// What stands before and behind the spans, made once.
    private let opening: ByteBuffer
    private static let closing: StaticString = "]}]}]}"

    /// - Parameter version: of the program.
    init(resource: [String: String], version: String) {
        var opening = ByteBuffer(string: #"{"resourceSpans":[{"resource":{"attributes":"#)
        opening.writeAttributes(resource.mapValues { .string($0) })
        opening.writeString(#"},"scopeSpans":[{"scope":{"name":"hibiki","version":"#)
        opening.writeJSONString(version)
        opening.writeString(#"},"spans":["#)
        self.opening = opening
    }

    func body(of spans: [SpanRecord]) -> ByteBuffer {
        var body = self.opening
        for (index, span) in spans.enumerated() {
            if index > 0 { body.writeString(",") }
            body.write(span)
        }
        body.writeStaticString(Self.closing)
        return body
    }
}

extension ByteBuffer {
    fileprivate mutating func write(_ span: SpanRecord) {
        self.writeString("{")
        self.writeIDs(span.trace)
        if let parent = span.parent {
            self.writeString(#","parentSpanId":"\#(parent)""#)
        }
        self.writeString(#","flags":\#(span.trace.isSampled ? 1 : 0),"name":"#)
        self.writeJSONString(span.name.cut)
        self.writeString(#","kind":\#(span.kind.number),"startTimeUnixNano":"\#(span.start)""#)
        self.writeString(#","endTimeUnixNano":"\#(span.end)","attributes":"#)
        self.writeAttributes(span.attributes.values)
        self.writeString(#","events":["#)
        self.writeList(span.events) { $0.write($1) }
        self.writeString(#"],"links":["#)
        self.writeList(span.links.compactMap { link in link.context.trace.map { (link, $0) } }) {
            $0.write($1.0, to: $1.1)
        }
        self.writeString("]")
        if let status = span.status {
            self.writeString(#","status":{"code":\#(status.code.number)"#)
            if let message = status.message {
                self.writeString(#","message":"#)
                self.writeJSONString(message.cut)
            }
            self.writeString("}")
        }
        self.writeString("}")
    }

    private mutating func writeIDs(_ trace: TraceContext) {
        self.writeString(#""traceId":"\#(trace.traceID)","spanId":"\#(trace.spanID)""#)
        guard !trace.state.isEmpty else { return }
        self.writeString(#","traceState":"#)
        self.writeJSONString(trace.state)
    }

    private mutating func write(_ event: SpanEvent) {
        self.writeString(#"{"timeUnixNano":"\#(event.nanosecondsSinceEpoch)","name":"#)
        self.writeJSONString(event.name.cut)
        self.writeString(#","attributes":"#)
        self.writeAttributes(event.attributes.values)
        self.writeString("}")
    }

    private mutating func write(_ link: SpanLink, to trace: TraceContext) {
        self.writeString("{")
        self.writeIDs(trace)
        self.writeString(#","attributes":"#)
        self.writeAttributes(link.attributes.values)
        self.writeString("}")
    }

    private mutating func writeList<Element>(
        _ elements: some Sequence<Element>, _ write: (inout ByteBuffer, Element) -> Void
    ) {
        for (index, element) in elements.enumerated() {
            if index > 0 { self.writeString(",") }
            write(&self, element)
        }
    }

    /// In the order of their names.
    fileprivate mutating func writeAttributes(_ attributes: [String: SpanAttribute]) {
        self.writeString("[")
        self.writeList(attributes.sorted { $0.key < $1.key }.prefix(Self.mostAttributes)) { buffer, attribute in
            buffer.writeString(#"{"key":"#)
            buffer.writeJSONString(attribute.key.cut)
            buffer.writeString(#","value":"#)
            buffer.write(attribute.value)
            buffer.writeString("}")
        }
        self.writeString("]")
    }

    private static let mostAttributes = 128
}

extension SpanAttributes {
    fileprivate var values: [String: SpanAttribute] {
        var values: [String: SpanAttribute] = [:]
        func add(_ name: String, _ value: SpanAttribute) { values[name] = value }
        self.forEach(add)
        return values
    }
}

extension SpanKind {
    /// As the protocol counts them.
    fileprivate var number: Int {
        switch self {
        case .internal: 1
        case .server: 2
        case .client: 3
        case .producer: 4
        case .consumer: 5
        }
    }
}

extension SpanStatus.Code {
    fileprivate var number: Int {
        switch self {
        case .ok: 1
        case .error: 2
        }
    }
}
