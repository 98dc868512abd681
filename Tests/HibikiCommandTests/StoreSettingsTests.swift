// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Configuration
import HibikiServer
import Testing

@testable import hibiki

@Suite struct `Settings of the store` {
    @Test func `are taken as they are given`() throws {
        let values: [(String, ConfigContent)] = [
            ("store-connections", .int(40)), ("store-wait", .double(0.5)), ("store-statement-limit", .int(60)),
        ]
        let keyed = values.map { (AbsoluteConfigKey([$0.0]), ConfigValue($0.1, isSecret: false)) }
        let reader = ConfigReader(
            provider: InMemoryProvider(name: "test", values: Dictionary(uniqueKeysWithValues: keyed)))
        var configuration = ServerConfiguration()
        for setting in Settings.all where setting.key.hasPrefix("store-") {
            try setting.read(from: reader, into: &configuration)
        }
        #expect(configuration.storeLimits.connections == 40)
        #expect(configuration.storeLimits.wait == .milliseconds(500))
        #expect(configuration.storeLimits.statement == .seconds(60))
    }
}
