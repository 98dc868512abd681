// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Testing

@testable import HibikiPostgres

@Suite struct PreparedStatementsTests {
    private static let integer = PostgresType.int8
    private static let text = PostgresType.text

    @Test func `a text is prepared once for the same types`() {
        var prepared = PreparedStatements(limit: 8)
        #expect(prepared.plan(for: "a", types: [Self.integer]) == .prepare(name: "hibiki_1", types: [Self.integer]))
        #expect(prepared.plan(for: "a", types: [Self.integer]) == .run(name: "hibiki_1"))
        #expect(prepared.plan(for: "b", types: []) == .prepare(name: "hibiki_2", types: []))
    }

    @Test func `NULL fits every type, and a type that was open is settled by the next value`() {
        var prepared = PreparedStatements(limit: 8)
        #expect(prepared.plan(for: "a", types: [0, Self.text]) == .prepare(name: "hibiki_1", types: [0, Self.text]))
        #expect(prepared.plan(for: "a", types: [0, 0]) == .run(name: "hibiki_1"))
        let settled = [Self.integer, Self.text]
        #expect(prepared.plan(for: "a", types: [Self.integer, 0]) == .prepare(name: "hibiki_2", types: settled))
        #expect(prepared.plan(for: "a", types: [0, Self.text]) == .run(name: "hibiki_2"))
        #expect(prepared.takeDiscarded() == ["hibiki_1"])
        #expect(prepared.takeDiscarded().isEmpty)
    }

    @Test func `the text that was not used for longest makes room`() {
        var prepared = PreparedStatements(limit: 2)
        for text in ["a", "b", "a", "c"] { _ = prepared.plan(for: text, types: []) }
        #expect(prepared.takeDiscarded() == ["hibiki_2"])
        #expect(prepared.plan(for: "a", types: []) == .run(name: "hibiki_1"))
        #expect(prepared.plan(for: "b", types: []) == .prepare(name: "hibiki_4", types: []))
        #expect(prepared.count == 2)
    }

    @Test func `what the server did not prepare is prepared again, and not deallocated`() {
        var prepared = PreparedStatements(limit: 1)
        _ = prepared.plan(for: "a", types: [])
        _ = prepared.plan(for: "b", types: [])
        prepared.forget(name: "hibiki_1")
        prepared.forget(name: "hibiki_2")
        #expect(prepared.takeDiscarded().isEmpty)
        #expect(prepared.plan(for: "b", types: []) == .prepare(name: "hibiki_3", types: []))
    }
}
