// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import Testing

@Suite struct `Typing` {
    private static func at(_ milliseconds: Int64) -> Timestamp { Timestamp(milliseconds: milliseconds) }

    private let alice = TypingTable.Typist("alice", in: "general")

    @Test func `is told when it begins, and in intervals while it goes on`() {
        var table = TypingTable()
        let told = stride(from: 0, through: 7_000, by: 250).filter { table.started(self.alice, at: Self.at(Int64($0))) }
        #expect(told == [0, 3_000, 6_000])
    }

    @Test func `is over when that one says so, which is told once`() {
        var table = TypingTable()
        #expect(table.started(self.alice, at: Self.at(0)) == true)
        #expect(table.stopped(self.alice) == true)
        #expect(table.stopped(self.alice) == false)
        #expect(table.started(self.alice, at: Self.at(10)) == true)
    }

    @Test func `is over after six seconds without a word`() {
        var table = TypingTable()
        let bob = TypingTable.Typist("bob", in: "attic")
        #expect(table.started(self.alice, at: Self.at(0)) == true)
        #expect(table.started(bob, at: Self.at(0)) == true)
        #expect(table.started(self.alice, at: Self.at(2_000)) == false)
        #expect(table.step(at: Self.at(5_999)) == [])
        #expect(table.step(at: Self.at(6_000)) == [bob])
        #expect(table.step(at: Self.at(7_999)) == [])
        #expect(table.step(at: Self.at(8_000)) == [self.alice])
        #expect(table.count == 0)
    }

    @Test func `is of one room, and of one person`() {
        var table = TypingTable()
        #expect(table.started(self.alice, at: Self.at(0)) == true)
        #expect(table.started(TypingTable.Typist("alice", in: "attic"), at: Self.at(0)) == true)
        #expect(table.started(TypingTable.Typist("bob", in: "general"), at: Self.at(0)) == true)
        #expect(table.stopped(TypingTable.Typist("bob", in: "attic")) == false)
    }

    @Test func `is known of so many, and no more`() {
        var configuration = TypingTable.Configuration()
        configuration.most = 1
        var table = TypingTable(configuration)
        #expect(table.started(self.alice, at: Self.at(0)) == true)
        #expect(table.started(TypingTable.Typist("bob", in: "general"), at: Self.at(0)) == false)
        #expect(table.stopped(TypingTable.Typist("bob", in: "general")) == false)
    }

    @Test func `is told apart by the bytes of the names`() {
        var table = TypingTable()
        #expect(table.started(TypingTable.Typist("Zo\u{EB}", in: "general"), at: Self.at(0)) == true)
        #expect(table.started(TypingTable.Typist("Zoe\u{308}", in: "general"), at: Self.at(0)) == true)
        #expect(table.count == 2)
    }
}
