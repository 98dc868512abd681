// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Logging

/// What one line says. Everything in it is cut to its bound and free of credentials already, whatever the line's form.
struct LogRecord: Equatable {
    enum Value: Equatable {
        case text(String)
        /// Digits, written as they stand.
        case number(String)
        case flag(Bool)
        case list([Value])
        case object([Field])
    }

    struct Field: Equatable {
        let name: String
        let value: Value
    }

    /// Milliseconds since 1970.
    let time: Int64
    let level: Logger.Level
    let label: String
    let message: String
    /// By name.
    let fields: [Field]

    init(time: Int64, level: Logger.Level, label: String, message: String, metadata: Logger.Metadata) {
        var budget = LogBudget()
        self.time = time
        self.level = level
        self.label = label
        self.message = budget.text(message, limit: LogBudget.messageBytes)
        self.fields = budget.fields(metadata, depth: 0)
    }
}

/// How much a line may hold, so that nobody makes one as long as he likes.
struct LogBudget {
    static let messageBytes = 4_096
    static let nameBytes = 64
    static let valueBytes = 1_024
    static let depth = 4

    /// Bytes of all texts together, before they are escaped.
    private var bytes = 16_384
    /// Values of all kinds.
    private var values = 128

    mutating func text(_ text: String, limit: Int) -> String {
        let cut = text.cut(toBytes: min(limit, self.bytes))
        self.bytes -= min(cut.utf8.count, self.bytes)
        return Redaction.redact(cut)
    }

    mutating func fields(_ metadata: Logger.Metadata, depth: Int) -> [LogRecord.Field] {
        var fields: [LogRecord.Field] = []
        for (name, value) in metadata.sorted(by: { $0.key < $1.key }) where self.values > 0 {
            let isSecret = Redaction.isSecret(name: name)
            let value = isSecret ? .text(Redaction.replacement) : self.value(value, depth: depth)
            fields.append(LogRecord.Field(name: self.text(name, limit: Self.nameBytes), value: value))
        }
        return fields
    }

    private mutating func value(_ value: Logger.MetadataValue, depth: Int) -> LogRecord.Value {
        self.values -= 1
        guard depth < Self.depth else { return .text("…") }
        switch value {
        case .string(let text):
            return .text(self.text(text, limit: Self.valueBytes))
        case .stringConvertible(let value):
            return self.value(value)
        case .array(let values):
            var list: [LogRecord.Value] = []
            for value in values where self.values > 0 {
                list.append(self.value(value, depth: depth + 1))
            }
            return .list(list)
        case .dictionary(let metadata):
            return .object(self.fields(metadata, depth: depth + 1))
        }
    }

    private mutating func value(_ value: any CustomStringConvertible) -> LogRecord.Value {
        switch value {
        case let flag as Bool: .flag(flag)
        case let number as any BinaryInteger: .number("\(number)")
        case let number as Double where number.isFinite: .number("\(number)")
        default: .text(self.text(value.description, limit: Self.valueBytes))
        }
    }
}

extension String {
    /// At most so many bytes of UTF-8, with whole characters of Unicode; what is cut off shows as `…`.
    func cut(toBytes limit: Int) -> String {
        guard self.utf8.count > limit else { return self }
        var kept = String.UnicodeScalarView()
        var bytes = 0
        for scalar in self.unicodeScalars {
            bytes += UTF8.width(scalar)
            guard bytes <= limit else { break }
            kept.append(scalar)
        }
        return String(kept) + "…"
    }
}
