// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
import Histogram
import NIOCore

/// What a measurement found.
struct LatencyReport {
    var name: String
    var seconds: Double
    /// In nanoseconds.
    var latencies: Histogram<UInt64>
    /// What was measured under, such as the number of connections.
    var conditions: [(name: String, value: Int)]

    static let percentiles: [(name: String, value: Double)] = [("p50", 50), ("p90", 90), ("p99", 99), ("p99.9", 99.9)]

    static func makeHistogram() -> Histogram<UInt64> {
        var histogram = Histogram<UInt64>(highestTrackableValue: 60_000_000_000, numberOfSignificantValueDigits: .three)
        histogram.autoResize = true
        return histogram
    }

    var perSecond: Double {
        self.seconds > 0 ? Double(self.latencies.totalCount) / self.seconds : 0
    }

    var text: String {
        let conditions = self.conditions.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
        var lines = ["\(self.name): \(conditions)"]
        lines.append("messages   \(self.latencies.totalCount) in \(Self.fixed(self.seconds, 2)) s")
        lines.append("rate       \(Self.fixed(self.perSecond, 0)) messages/s")
        let latencies = self.values.map { "\($0.name) \(Self.duration($0.nanoseconds))" }
        lines.append("latency    " + latencies.joined(separator: "  "))
        return lines.joined(separator: "\n")
    }

    var json: String {
        var text = ByteBuffer(string: "{\"benchmark\":")
        text.writeJSONString(self.name)
        for condition in self.conditions {
            text.writeString(",")
            text.writeJSONString(condition.name)
            text.writeString(":\(condition.value)")
        }
        text.writeString(",\"messages\":\(self.latencies.totalCount),\"seconds\":\(Self.fixed(self.seconds, 6))")
        text.writeString(",\"messagesPerSecond\":\(Self.fixed(self.perSecond, 1)),\"latencyNanoseconds\":{")
        text.writeString(self.values.map { "\"\($0.name)\":\($0.nanoseconds)" }.joined(separator: ","))
        text.writeString("}}")
        return String(buffer: text)
    }

    private var values: [(name: String, nanoseconds: UInt64)] {
        guard self.latencies.totalCount > 0 else { return [] }
        return Self.percentiles.map { ($0.name, self.latencies.valueAtPercentile($0.value)) }
            + [("max", self.latencies.maxRecorded)]
    }

    static func duration(_ nanoseconds: UInt64) -> String {
        switch nanoseconds {
        case ..<1_000_000: "\(self.fixed(Double(nanoseconds) / 1_000, 1)) µs"
        case ..<1_000_000_000: "\(self.fixed(Double(nanoseconds) / 1_000_000, 2)) ms"
        default: "\(self.fixed(Double(nanoseconds) / 1_000_000_000, 2)) s"
        }
    }

    /// A decimal number with `digits` after the point, rounded.
    static func fixed(_ value: Double, _ digits: Int) -> String {
        let scale = (0..<max(digits, 0)).reduce(1.0) { scale, _ in scale * 10 }
        guard let scaled = Int64(exactly: (value * scale).rounded()) else { return "?" }
        guard digits > 0 else { return String(scaled) }
        let text = String(scaled.magnitude)
        let padded = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
        return (scaled < 0 ? "-" : "") + padded.dropLast(digits) + "." + padded.suffix(digits)
    }
}
