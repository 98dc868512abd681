// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Logging

/// One JSON object for each line: `time`, `level`, `label`, `message`, and the metadata beside them.
enum JSONLine {
    /// Metadata of one of these names gets an underscore behind it.
    private static let reserved: Set<String> = ["time", "level", "label", "message"]

    static func bytes(of record: LogRecord) -> [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(256)
        line.append(contentsOf: #"{"time":""#.utf8)
        LogTime(milliseconds: record.time).appendRFC3339(to: &line)
        line.append(contentsOf: #"","level":""#.utf8)
        line.append(contentsOf: record.level.rawValue.utf8)
        line.append(contentsOf: #"","label":"#.utf8)
        Self.append(record.label, to: &line)
        line.append(contentsOf: #","message":"#.utf8)
        Self.append(record.message, to: &line)
        for field in record.fields {
            line.append(UInt8(ascii: ","))
            Self.append(Self.reserved.contains(field.name) ? field.name + "_" : field.name, to: &line)
            line.append(UInt8(ascii: ":"))
            Self.append(field.value, to: &line)
        }
        line.append(contentsOf: "}\n".utf8)
        return line
    }

    private static func append(_ text: String, to line: inout [UInt8]) {
        line.append(UInt8(ascii: "\""))
        SafeText.append(text, .json, to: &line)
        line.append(UInt8(ascii: "\""))
    }

    private static func append(_ value: LogRecord.Value, to line: inout [UInt8]) {
        switch value {
        case .text(let text):
            Self.append(text, to: &line)
        case .number(let digits):
            line.append(contentsOf: digits.utf8)
        case .flag(let flag):
            line.append(contentsOf: (flag ? "true" : "false").utf8)
        case .list(let values):
            Self.append(values, between: "[]", to: &line) { Self.append($0, to: &$1) }
        case .object(let fields):
            Self.append(fields, between: "{}", to: &line) { field, line in
                Self.append(field.name, to: &line)
                line.append(UInt8(ascii: ":"))
                Self.append(field.value, to: &line)
            }
        }
    }

    private static func append<Item>(
        _ items: [Item], between brackets: StaticString, to line: inout [UInt8],
        _ append: (Item, inout [UInt8]) -> Void
    ) {
        line.append(brackets.utf8Start[0])
        for (index, item) in items.enumerated() {
            if index > 0 { line.append(UInt8(ascii: ",")) }
            append(item, &line)
        }
        line.append(brackets.utf8Start[1])
    }
}
