// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The formats that scrapers read.
public enum MetricFormat: Sendable, Equatable {
    /// Prometheus text 0.0.4.
    case prometheus
    /// OpenMetrics 1.0.
    case openMetrics

    /// What a scraper asks for: OpenMetrics if its `Accept` (RFC 9110 §12.5.1) names it with a weight that is above zero and not
    /// below that of plain text, the Prometheus format for everything else.
    public init(accept: String) {
        var openMetrics = 0.0
        var text = 0.0
        for range in accept.split(separator: ",") {
            let parts = range.split(separator: ";").map { Self.trimmed($0) }
            let parameters = parts.dropFirst().map { $0.lowercased() }
            let weight = Self.weight(parameters)
            switch parts.first?.lowercased() {
            case "application/openmetrics-text" where Self.isKnownVersion(parameters):
                openMetrics = max(openMetrics, weight)
            case "text/plain":
                text = max(text, weight)
            default:
                continue
            }
        }
        self = openMetrics > 0 && openMetrics >= text ? .openMetrics : .prometheus
    }

    public var contentType: String {
        switch self {
        case .prometheus: "text/plain; version=0.0.4; charset=utf-8"
        case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
        }
    }

    private static func weight(_ parameters: [String]) -> Double {
        guard let text = parameters.first(where: { $0.hasPrefix("q=") }) else { return 1 }
        return Double(text.dropFirst(2)).map { $0.isFinite ? min(max($0, 0), 1) : 0 } ?? 0
    }

    private static func isKnownVersion(_ parameters: [String]) -> Bool {
        guard let text = parameters.first(where: { $0.hasPrefix("version=") }) else { return true }
        return text == "version=1.0.0" || text == "version=0.0.1"
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }
}
