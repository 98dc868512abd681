// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// All series of one name.
public struct MetricFamily: Sendable, Equatable {
    public enum Kind: String, Sendable {
        /// Only grows, until the process ends.
        case counter
        case gauge
        case histogram
    }

    /// One set of label values, and what was measured under it.
    public struct Series: Sendable, Equatable {
        public enum Value: Sendable, Equatable {
            case integer(Int64)
            case number(Double)
            case histogram(HistogramValue)
        }

        public var labels: [Label]
        public var value: Value

        public init(_ value: Value, labels: [Label] = []) {
            self.labels = labels
            self.value = value
        }
    }

    public struct Label: Sendable, Hashable {
        public var name: String
        public var value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// With `_total` for a counter.
    public var name: String
    public var help: String
    public var kind: Kind
    public var series: [Series]

    public init(_ name: String, _ kind: Kind, help: String, _ series: [Series]) {
        self.name = name
        self.help = help
        self.kind = kind
        self.series = series
    }

    /// A family of one series without labels.
    public init(_ name: String, _ kind: Kind, help: String, _ value: Int) {
        self.init(name, kind, help: help, [Series(.integer(Int64(value)))])
    }
}
