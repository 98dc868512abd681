// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Writes families in one of the formats that scrapers read.
struct MetricTextWriter {
    let format: MetricFormat
    private(set) var text = ""

    init(_ format: MetricFormat) {
        self.format = format
    }

    mutating func write(_ family: MetricFamily) {
        // OpenMetrics names the family without the suffix that its samples have.
        let hasBareName = self.format == .openMetrics && family.kind == .counter
        let name = hasBareName ? Self.withoutTotal(family.name) : family.name
        self.text += "# HELP \(name) \(self.escaped(help: family.help))\n"
        self.text += "# TYPE \(name) \(family.kind.rawValue)\n"
        for series in family.series {
            switch series.value {
            case .integer(let value):
                self.writeSample(family.name, series.labels, "\(value)")
            case .number(let value):
                self.writeSample(family.name, series.labels, Self.text(value))
            case .histogram(let histogram):
                self.write(histogram, family.name, series.labels)
            }
        }
    }

    /// Ends the text. Nothing may follow.
    mutating func finish() {
        if self.format == .openMetrics { self.text += "# EOF\n" }
    }

    private mutating func write(_ histogram: HistogramValue, _ name: String, _ labels: [MetricFamily.Label]) {
        var below: UInt64 = 0
        for (bound, count) in zip(histogram.bounds, histogram.counts) {
            below &+= count
            self.writeSample("\(name)_bucket", labels + [.init("le", Self.text(bound))], "\(below)")
        }
        self.writeSample("\(name)_bucket", labels + [.init("le", "+Inf")], "\(histogram.count)")
        self.writeSample("\(name)_sum", labels, Self.text(histogram.sum))
        self.writeSample("\(name)_count", labels, "\(histogram.count)")
    }

    private mutating func writeSample(_ name: String, _ labels: [MetricFamily.Label], _ value: String) {
        self.text += name
        if !labels.isEmpty {
            let list = labels.map { "\($0.name)=\"\(Self.escaped(label: $0.value))\"" }
            self.text += "{\(list.joined(separator: ","))}"
        }
        self.text += " \(value)\n"
    }

    private static func withoutTotal(_ name: String) -> String {
        name.hasSuffix("_total") ? String(name.dropLast("_total".count)) : name
    }

    /// As both formats have numbers: `1.0` and `0.005`, and `NaN` and `+Inf` in their own spelling.
    private static func text(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        return "\(value)"
    }

    private static func escaped(label: String) -> String {
        Self.escaped(label, quotes: true)
    }

    /// OpenMetrics escapes quotes here too.
    private func escaped(help: String) -> String {
        Self.escaped(help, quotes: self.format == .openMetrics)
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quotes: escaped += "\\\""
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
