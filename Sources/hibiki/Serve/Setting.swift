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
        /// From 0 to 1.
        case share(WritableKeyPath<ServerConfiguration, Double>)
        case flag(WritableKeyPath<ServerConfiguration, Bool>)
        /// Seconds, fractions allowed.
        case time(WritableKeyPath<ServerConfiguration, TimeAmount>)
        case duration(WritableKeyPath<ServerConfiguration, Duration>)
        /// One of a few words.
        case choice(show: (ServerConfiguration) -> String, set: (inout ServerConfiguration, String) throws -> Void)
        case list(show: (ServerConfiguration) -> [String], set: (inout ServerConfiguration, [String]) throws -> Void)
    }

    let key: String
    let target: Target

    /// Takes the value from the first source that has one; leaves the default otherwise.
    func read(from reader: ConfigReader, into configuration: inout ServerConfiguration) throws {
        let key = ConfigKey(self.key)
        switch self.target {
        case .text(let path):
            guard let text = try self.value("a text", { try reader.requiredString(forKey: key) }) else { return }
            configuration[keyPath: path] = text
        case .number(let path, let range):
            guard let number = try self.value("a whole number", { try reader.requiredInt(forKey: key) }) else { return }
            guard range.contains(number) else {
                throw self.problem("\(number) is not between \(range.lowerBound) and \(range.upperBound)")
            }
            configuration[keyPath: path] = number
        case .share(let path):
            guard let share = try self.number(reader) else { return }
            guard (0...1).contains(share) else { throw self.problem("\(share) is not between 0 and 1") }
            configuration[keyPath: path] = share
        case .flag(let path):
            guard let flag = try self.value("true or false", { try reader.requiredBool(forKey: key) }) else { return }
            configuration[keyPath: path] = flag
        case .time(let path):
            guard let seconds = try self.seconds(reader) else { return }
            configuration[keyPath: path] = .nanoseconds(Int64(seconds * 1e9))
        case .duration(let path):
            guard let seconds = try self.seconds(reader) else { return }
            configuration[keyPath: path] = .nanoseconds(Int64(seconds * 1e9))
        case .choice(_, let set):
            guard let text = try self.value("a text", { try reader.requiredString(forKey: key) }) else { return }
            do {
                try set(&configuration, text)
            } catch let problem as SettingProblem {
                throw self.problem(problem.problem)
            }
        case .list(_, let set):
            guard let list = try self.value("a list", { try reader.requiredStringArray(forKey: key) }) else { return }
            do {
                try set(&configuration, list)
            } catch let problem as SettingProblem {
                throw self.problem(problem.problem)
            }
        }
    }

    private static let longest: Double = 86_400 * 365

    private func number(_ reader: ConfigReader, _ expected: String = "a number") throws -> Double? {
        let key = ConfigKey(self.key)
        let whole = try? reader.requiredInt(forKey: key)
        return try whole.map(Double.init) ?? self.value(expected) { try reader.requiredDouble(forKey: key) }
    }

    private func seconds(_ reader: ConfigReader) throws -> Double? {
        guard let seconds = try self.number(reader, "seconds") else { return nil }
        guard seconds >= 0.001, seconds <= Self.longest else {
            throw self.problem("expected seconds, from 0.001 to a year")
        }
        return seconds
    }

    /// `nil` if no source has the key. A value of another type is an error: a default in the place of something that was
    /// mistyped could open what was to be closed.
    static func value<Value>(of key: String, _ expected: String, _ read: () throws -> Value) throws -> Value? {
        do {
            return try read()
        } catch  where "\(error)".hasPrefix("Missing required config value") {
            return nil
        } catch {
            throw SettingProblem(key: key, problem: "expected \(expected)")
        }
    }

    private func value<Value>(_ expected: String, _ read: () throws -> Value) throws -> Value? {
        try Self.value(of: self.key, expected, read)
    }

    private func problem(_ words: String) -> SettingProblem {
        SettingProblem(key: self.key, problem: words)
    }

    /// The value in effect, as YAML.
    func show(_ configuration: ServerConfiguration) -> String {
        switch self.target {
        case .text(let path): "\"\(configuration[keyPath: path])\""
        case .number(let path, _): "\(configuration[keyPath: path])"
        case .share(let path): Self.text(configuration[keyPath: path])
        case .flag(let path): "\(configuration[keyPath: path])"
        case .time(let path): Self.text(Double(configuration[keyPath: path].nanoseconds) / 1e9)
        case .duration(let path): Self.text(configuration[keyPath: path] / .seconds(1))
        case .choice(let show, _): show(configuration)
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
