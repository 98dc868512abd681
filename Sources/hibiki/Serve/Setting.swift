// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Configuration
import HibikiServer
import NIOCore

/// One thing that can be set: by a flag, by an environment variable, or in a file, under the same name.
struct Setting {
    /// What the value is, and where it goes.
    enum Target {
        case text(WritableKeyPath<ServerConfiguration, String>)
        case number(WritableKeyPath<ServerConfiguration, Int>, ClosedRange<Int>)
        case flag(WritableKeyPath<ServerConfiguration, Bool>)
        /// Seconds, fractions allowed.
        case time(WritableKeyPath<ServerConfiguration, TimeAmount>)
        case duration(WritableKeyPath<ServerConfiguration, Duration>)
        case list(show: (ServerConfiguration) -> [String], set: (inout ServerConfiguration, [String]) throws -> Void)
    }

    let key: String
    let target: Target

    /// Takes the value from the first source that has one; leaves the default otherwise.
    func read(from reader: ConfigReader, into configuration: inout ServerConfiguration) throws {
        let key = ConfigKey(self.key)
        switch self.target {
        case .text(let path):
            guard let text = reader.string(forKey: key) else { return }
            configuration[keyPath: path] = text
        case .number(let path, let range):
            guard let number = try reader.int(of: self.key) else { return }
            guard range.contains(number) else {
                throw SettingProblem(
                    key: self.key, problem: "\(number) is not between \(range.lowerBound) and \(range.upperBound)")
            }
            configuration[keyPath: path] = number
        case .flag(let path):
            guard let flag = reader.bool(forKey: key) else { return }
            configuration[keyPath: path] = flag
        case .time(let path):
            guard let seconds = try self.seconds(reader) else { return }
            configuration[keyPath: path] = .nanoseconds(Int64(seconds * 1e9))
        case .duration(let path):
            guard let seconds = try self.seconds(reader) else { return }
            configuration[keyPath: path] = .nanoseconds(Int64(seconds * 1e9))
        case .list(_, let set):
            guard let list = reader.stringArray(forKey: key) else { return }
            do {
                try set(&configuration, list)
            } catch let problem as SettingProblem {
                throw SettingProblem(key: self.key, problem: problem.problem)
            }
        }
    }

    private static let longest: Double = 86_400 * 365

    private func seconds(_ reader: ConfigReader) throws -> Double? {
        guard let seconds = try reader.number(of: self.key) else { return nil }
        guard seconds > 0, seconds <= Self.longest else {
            throw SettingProblem(key: self.key, problem: "expected seconds, above 0 and up to a year")
        }
        return seconds
    }

    /// The value in effect, as YAML.
    func show(_ configuration: ServerConfiguration) -> String {
        switch self.target {
        case .text(let path): "\"\(configuration[keyPath: path])\""
        case .number(let path, _): "\(configuration[keyPath: path])"
        case .flag(let path): "\(configuration[keyPath: path])"
        case .time(let path): Self.text(Double(configuration[keyPath: path].nanoseconds) / 1e9)
        case .duration(let path): Self.text(configuration[keyPath: path] / .seconds(1))
        case .list(let show, _): "[" + show(configuration).map { "\"\($0)\"" }.joined(separator: ", ") + "]"
        }
    }

    private static func text(_ seconds: Double) -> String {
        seconds == seconds.rounded() ? "\(Int(seconds))" : "\(seconds)"
    }
}

/// A value that cannot be used, in words for whoever wrote it.
struct SettingProblem: Error, CustomStringConvertible {
    let key: String
    let problem: String

    init(key: String = "", problem: String) {
        self.key = key
        self.problem = problem
    }

    var description: String { "\(self.key): \(self.problem)" }
}

extension ConfigReader {
    /// A number that may be written with or without a fraction. Something else in its place is an error, not a default.
    fileprivate func number(of key: String) throws -> Double? {
        if let number = self.double(forKey: ConfigKey(key)) ?? self.int(forKey: ConfigKey(key)).map(Double.init) {
            return number
        }
        try self.requireAbsence(of: key)
        return nil
    }

    fileprivate func int(of key: String) throws -> Int? {
        if let number = self.int(forKey: ConfigKey(key)) {
            return number
        }
        try self.requireAbsence(of: key)
        return nil
    }

    private func requireAbsence(of key: String) throws {
        guard let text = self.string(forKey: ConfigKey(key)) else { return }
        throw SettingProblem(key: key, problem: "\"\(text)\" is not a number that fits here")
    }
}
