// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Configuration
import Logging
import Testing

@testable import hibiki

@Suite struct `Settings of the log` {
    private func settings(_ values: [String: ConfigContent]) throws -> LogSettings {
        let values = values.map { (AbsoluteConfigKey([$0.key]), ConfigValue($0.value, isSecret: false)) }
        return try LogSettings(
            ConfigReader(provider: InMemoryProvider(name: "test", values: Dictionary(uniqueKeysWithValues: values))))
    }

    @Test func `have defaults`() throws {
        #expect(try self.settings([:]) == LogSettings())
        #expect(LogSettings().texts.map(\.text) == ["info", "auto", "100"])
    }

    @Test func `are taken as they are given`() throws {
        let settings = try self.settings(["log-level": "warning", "log-format": "json", "log-rate": .int(0)])
        #expect(settings.texts.map(\.text) == ["warning", "json", "0"])
    }

    @Test(arguments: [
        (
            "log-level", ConfigContent.string("loud"),
            "log-level: \"loud\" is none of trace, debug, info, notice, warning, error, critical"
        ),
        ("log-format", .string("xml"), "log-format: \"xml\" is none of auto, text, json"),
        ("log-rate", .int(-1), "log-rate: -1 is not between 0 and 1000000"),
        ("log-rate", .string("many"), "log-rate: expected a whole number"),
        ("log-level", .int(3), "log-level: expected a text"),
    ]) func `that cannot be used are named`(_ key: String, _ value: ConfigContent, _ words: String) {
        let problem = #expect(throws: SettingProblem.self) { try self.settings([key: value]) }
        #expect(problem?.description == words)
    }
}
