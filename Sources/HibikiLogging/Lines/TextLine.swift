// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Logging

/// A line for people: `17:02:03.004 info     connection closed  connection=1.7 transport=websocket`.
struct TextLine {
    private static let levelWidth = 8
    private static let reset = "\u{1B}[0m"
    private static let faint = "\u{1B}[2m"

    let isColoured: Bool
    /// Of the local time from UTC, in seconds.
    let offset: Int64

    func bytes(of record: LogRecord) -> [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(256)
        self.paint(Self.faint, &line) { LogTime(milliseconds: record.time, offset: self.offset).appendClock(to: &$0) }
        line.append(UInt8(ascii: " "))
        let level = record.level.rawValue
        self.paint(Self.colour(of: record.level), &line) { $0.append(contentsOf: level.utf8) }
        line.append(contentsOf: repeatElement(UInt8(ascii: " "), count: max(0, Self.levelWidth - level.utf8.count)))
        line.append(UInt8(ascii: " "))
        SafeText.append(record.message, .people, to: &line)
        if !record.fields.isEmpty { line.append(UInt8(ascii: " ")) }
        for field in record.fields {
            line.append(UInt8(ascii: " "))
            self.paint(Self.faint, &line) {
                Self.append(field.name, to: &$0)
                $0.append(UInt8(ascii: "="))
            }
            Self.append(field.value, to: &line)
        }
        line.append(UInt8(ascii: "\n"))
        return line
    }

    private func paint(_ colour: String, _ line: inout [UInt8], _ append: (inout [UInt8]) -> Void) {
        if self.isColoured { line.append(contentsOf: colour.utf8) }
        append(&line)
        if self.isColoured { line.append(contentsOf: Self.reset.utf8) }
    }

    private static func colour(of level: Logger.Level) -> String {
        switch level {
        case .trace, .debug: Self.faint
        case .info: "\u{1B}[32m"
        case .notice: "\u{1B}[36m"
        case .warning: "\u{1B}[33m"
        case .error: "\u{1B}[31m"
        case .critical: "\u{1B}[1;31m"
        }
    }

    private static func append(_ value: LogRecord.Value, to line: inout [UInt8]) {
        switch value {
        case .text(let text): Self.append(text, to: &line)
        case .number(let digits): line.append(contentsOf: digits.utf8)
        case .flag(let flag): line.append(contentsOf: (flag ? "true" : "false").utf8)
        case .list(let values):
            line.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { line.append(UInt8(ascii: " ")) }
                Self.append(value, to: &line)
            }
            line.append(UInt8(ascii: "]"))
        case .object(let fields):
            line.append(UInt8(ascii: "{"))
            for (index, field) in fields.enumerated() {
                if index > 0 { line.append(UInt8(ascii: " ")) }
                Self.append(field.name, to: &line)
                line.append(UInt8(ascii: "="))
                Self.append(field.value, to: &line)
            }
            line.append(UInt8(ascii: "}"))
        }
    }

    /// In quotes where it could be taken for more than one value, or for none.
    private static func append(_ text: String, to line: inout [UInt8]) {
        let isPlain = !text.isEmpty && text.utf8.allSatisfy { $0 > UInt8(ascii: " ") && !Self.marks.contains($0) }
        if !isPlain { line.append(UInt8(ascii: "\"")) }
        SafeText.append(text, .people, to: &line)
        if !isPlain { line.append(UInt8(ascii: "\"")) }
    }

    private static let marks = Set("\"=[]{}".utf8)
}
