// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Configuration
import HibikiLogging
import Logging

/// What is logged, and how: the settings `log-level`, `log-format` and `log-rate`.
struct LogSettings: Equatable {
    enum Format: String, CaseIterable {
        /// Text on a terminal, JSON elsewhere.
        case auto
        case text
        case json
    }

    var level = Logger.Level.info
    var format = Format.auto
    /// Lines of one message in a second; 0 for all.
    var rate = 100

    init() {}

    init(_ reader: ConfigReader) throws {
        if let level: Logger.Level = try Self.word("log-level", reader) { self.level = level }
        if let format: Format = try Self.word("log-format", reader) { self.format = format }
        guard
            let rate = try Setting.value(
                of: "log-rate", "a whole number", { try reader.requiredInt(forKey: "log-rate") })
        else { return }
        guard Self.rates.contains(rate) else {
            throw SettingProblem(
                key: "log-rate", problem: "\(rate) is not between \(Self.rates.lowerBound) and \(Self.rates.upperBound)"
            )
        }
        self.rate = rate
    }

    private static let rates = 0...1_000_000

    private static func word<Word: RawRepresentable<String> & CaseIterable>(
        _ key: String, _ reader: ConfigReader
    ) throws -> Word? {
        let read = { try reader.requiredString(forKey: ConfigKey(key)) }
        guard let text = try Setting.value(of: key, "a text", read) else { return nil }
        guard let word = Word(rawValue: text) else {
            let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw SettingProblem(key: key, problem: "\"\(text)\" is none of \(words)")
        }
        return word
    }

    /// The settings in effect, each as it is written.
    var texts: [(key: String, text: String)] {
        [("log-level", "\(self.level)"), ("log-format", self.format.rawValue), ("log-rate", "\(self.rate)")]
    }

    private var lineFormat: LogFormat {
        switch self.format {
        case .json: .json
        case .text: .text(isColoured: LogDestination.isColoured)
        case .auto: LogDestination.isTerminal ? .text(isColoured: LogDestination.isColoured) : .json
        }
    }

    /// Sends what all libraries log to standard error. To be called once in a process.
    ///
    /// - Parameters:
    ///   - level: of all loggers; it may change while they are in use.
    ///   - recent: gets every line too. Default nobody.
    /// - Returns: what has to be flushed before the process ends.
    func bootstrap(_ level: SharedLogLevel, recent: RecentLog? = nil) -> LogOutput {
        let output = LogOutput(
            to: .standardError, format: self.lineFormat, rate: self.rate == 0 ? nil : self.rate, recent: recent)
        LoggingSystem.bootstrap { SharedLevelLogHandler(LineLogHandler(label: $0, output: output), level) }
        return output
    }
}
