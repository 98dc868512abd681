// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Tracing

/// What is known about one span.
struct SpanRecord: Sendable {
    /// What one span keeps, so that a program with a fault in a loop does not fill the memory.
    private static let mostEvents = 32
    private static let mostLinks = 32

    var name: String
    let kind: SpanKind
    let trace: TraceContext
    let parent: TraceContext.SpanID?
    /// Nanoseconds since 1970, as is ``end``.
    let start: UInt64
    var end: UInt64 = 0
    var attributes = SpanAttributes()
    var status: SpanStatus?
    private(set) var events: [SpanEvent] = []
    private(set) var links: [SpanLink] = []

    init(name: String, kind: SpanKind, trace: TraceContext, parent: TraceContext.SpanID?, start: UInt64) {
        self.name = name
        self.kind = kind
        self.trace = trace
        self.parent = parent
        self.start = start
    }

    mutating func add(_ event: SpanEvent) {
        guard self.events.count < Self.mostEvents else { return }
        self.events.append(event)
    }

    mutating func add(_ link: SpanLink) {
        guard self.links.count < Self.mostLinks else { return }
        self.links.append(link)
    }
}
