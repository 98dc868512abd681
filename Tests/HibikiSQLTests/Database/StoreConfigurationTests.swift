// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSQL
import Testing

@Suite struct StoreConfigurationTests {
    @Test func `what is written is what is meant`() {
        #expect(StoreConfiguration("") == .automatic)
        #expect(StoreConfiguration("memory") == .memory)
        #expect(StoreConfiguration("sqlite:/var/lib/hibiki/h.sqlite") == .sqlite(path: "/var/lib/hibiki/h.sqlite"))
        #expect(StoreConfiguration("postgres:///hibiki") == .postgres(url: "postgres:///hibiki"))
        #expect(StoreConfiguration("postgresql://db/hibiki") == .postgres(url: "postgresql://db/hibiki"))
    }

    @Test(arguments: ["sqlite:", "sqlite", "mysql://db/hibiki", "postgres:hibiki", "Memory", "/var/lib/h.sqlite", " "])
    func `anything else is nothing`(_ text: String) {
        #expect(StoreConfiguration(text) == nil)
    }

    @Test func `without a word it is a file in the data folder, and without a folder the memory`() {
        #expect(StoreConfiguration.automatic.resolved(dataFolder: "/data") == .sqlite(path: "/data/hibiki.sqlite"))
        #expect(StoreConfiguration.automatic.resolved(dataFolder: "") == .memory)
        #expect(StoreConfiguration.memory.resolved(dataFolder: "/data") == .memory)
    }

    @Test(arguments: [
        ("postgres://u:geheim@db/hibiki", "postgres://u:***@db/hibiki"),
        ("postgres://u:ge@he:im@db:5432/hibiki?sslmode=require", "postgres://u:***@db:5432/hibiki?sslmode=require"),
        ("postgres://db/hibiki?user=u&password=geheim&x=1", "postgres://db/hibiki?user=u&password=***&x=1"),
        ("postgres://db/hibiki?password=geheim", "postgres://db/hibiki?password=***"),
        ("postgres://u@db:5432/hibiki", "postgres://u@db:5432/hibiki"),
        ("postgres://u:ge?heim@db/hibiki", "postgres://u:***@db/hibiki"),
        ("postgres://u:ge/h?eim@db/hibiki", "postgres://u:***@db/hibiki"),
        ("postgres://u:a&password=b@db/hibiki", "postgres://u:***"),
        ("postgres://db:5432/hibiki?password=ge@heim", "postgres://db:***"),
        ("postgres://u:a@db/hibiki?x=1&password=b&y=2", "postgres://u:***@db/hibiki?x=1&password=***&y=2"),
    ])
    func `a password is not shown`(_ url: String, _ shown: String) {
        #expect(StoreConfiguration(url)?.description == shown)
    }
}
