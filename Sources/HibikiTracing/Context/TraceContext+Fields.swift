// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The fields `traceparent` and `tracestate` (W3C Trace Context §3).
extension TraceContext {
    static let parentField = "traceparent"
    static let stateField = "tracestate"

    /// The most of `tracestate` that is handed on; a longer one is left out, as §3.3.1.5 allows.
    private static let longestState = 512
    /// `00-` and the ids, with their dashes and the flags.
    private static let length = 55

    /// - Parameters:
    ///   - parent: the value of `traceparent`. A version that is not known yet is read as far as it is like this one (§3.2.4).
    ///   - state: the value of `tracestate`.
    /// - Returns: `nil` if the value is not well-formed: the trace begins here then.
    public init?(parent: String, state: String? = nil) {
        let bytes = Array(parent.utf8.prefix(Self.length + 1))
        let dash = UInt8(ascii: "-")
        guard bytes.count >= Self.length, bytes[2] == dash, bytes[35] == dash, bytes[52] == dash,
            let version = Hexadecimal.number(bytes[0..<2]), version != 0xFF,
            bytes.count == Self.length || version > 0 && bytes[Self.length] == dash,
            let high = Hexadecimal.number(bytes[3..<19]), let low = Hexadecimal.number(bytes[19..<35]),
            let spanBits = Hexadecimal.number(bytes[36..<52]), let flags = Hexadecimal.number(bytes[53..<55]),
            let traceID = TraceID(high: high, low: low), let spanID = SpanID(spanBits)
        else { return nil }
        self.init(
            traceID: traceID, spanID: spanID, isSampled: flags & 1 == 1, state: state.map(Self.checked) ?? "")
    }

    /// The value of `traceparent`.
    public var parent: String { "00-\(self.traceID)-\(self.spanID)-\(self.isSampled ? "01" : "00")" }

    /// Only what may stand in a field is handed on in one.
    private static func checked(_ state: String) -> String {
        let bytes = state.utf8
        guard bytes.count <= self.longestState, bytes.allSatisfy({ (0x20...0x7E).contains($0) }) else { return "" }
        return state
    }
}
