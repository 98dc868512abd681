// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import Tracing

/// Where a piece of work stands in a trace, as it is handed from one program to the next (W3C Trace Context).
public struct TraceContext: Hashable, Sendable {
    /// 128 bits, not all of them zero.
    public struct TraceID: Hashable, Sendable, CustomStringConvertible {
        public let high: UInt64
        public let low: UInt64

        public init?(high: UInt64, low: UInt64) {
            guard high != 0 || low != 0 else { return nil }
            self.high = high
            self.low = low
        }

        /// 32 digits.
        public var description: String { Hexadecimal.text(self.high) + Hexadecimal.text(self.low) }
    }

    /// 64 bits, not all of them zero.
    public struct SpanID: Hashable, Sendable, CustomStringConvertible {
        public let bits: UInt64

        public init?(_ bits: UInt64) {
            guard bits != 0 else { return nil }
            self.bits = bits
        }

        /// 16 digits.
        public var description: String { Hexadecimal.text(self.bits) }
    }

    public var traceID: TraceID
    public var spanID: SpanID
    /// Whether whoever began the trace records it.
    public var isSampled: Bool
    /// What others have put into `tracestate`, handed on as it came.
    public var state: String

    public init(traceID: TraceID, spanID: SpanID, isSampled: Bool, state: String = "") {
        self.traceID = traceID
        self.spanID = spanID
        self.isSampled = isSampled
        self.state = state
    }
}

private enum TraceContextKey: InstrumentationContextKey {
    typealias Value = TraceContext
    static var nameOverride: String? { "hibiki-trace" }
}

extension InstrumentationContext {
    /// The span that is under way, here or in the program that asked; `nil` outside of a trace.
    public var trace: TraceContext? {
        get { self[TraceContextKey.self] }
        set { self[TraceContextKey.self] = newValue }
    }
}
