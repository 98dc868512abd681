// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Names as scrapers take them: letters, digits and underscores, and no digit first. Another character becomes an underscore.
enum MetricName {
    static func sanitized(_ name: String, isCounter: Bool = false) -> String {
        let name = Self.sanitized(name, mayHaveColon: true)
        return isCounter && !name.hasSuffix("_total") ? "\(name)_total" : name
    }

    /// Ordered by name, each name once.
    static func labels(_ dimensions: [(String, String)]) -> [MetricFamily.Label] {
        var names: Set<String> = []
        return dimensions.map { MetricFamily.Label(Self.sanitized($0.0, mayHaveColon: false), $0.1) }
            .filter { names.insert($0.name).inserted }
            .sorted { $0.name < $1.name }
    }

    private static func sanitized(_ name: String, mayHaveColon: Bool) -> String {
        var sanitized = name.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                byte
            case UInt8(ascii: ":") where mayHaveColon:
                byte
            default:
                UInt8(ascii: "_")
            }
        }
        if sanitized.first.map({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) ?? true {
            sanitized.insert(UInt8(ascii: "_"), at: 0)
        }
        return String(decoding: sanitized, as: UTF8.self)
    }
}
