// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSQL
import Testing

@Suite struct StatementTests {
    @Test func `rows are inserted in statements of a few sizes, in their order`() throws {
        let rows = (1...37).map { [SQLValue.integer($0), "x"] }
        let statements = SQLStatement.insert(into: "t", ["a", "b"], rows: rows, ending: "ON CONFLICT DO NOTHING")
        #expect(statements.map { $0.values.count / 2 } == [32, 4, 1])
        #expect(statements.flatMap { $0.values } == rows.flatMap { $0 })
        #expect(statements.last?.text == "INSERT INTO t (a, b) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        #expect(statements[1].text.contains("($7, $8)"))
    }

    @Test func `no rows are no statement`() {
        #expect(SQLStatement.insert(into: "t", ["a"], rows: []).isEmpty)
        #expect(SQLStatement.lookUp("SELECT * FROM t WHERE (a) IN ($KEYS)", keys: []).isEmpty)
    }

    @Test func `keys are looked up behind the text's own parameters, the last one repeated up to a power of two`() {
        let keys: [[SQLValue]] = [["a", 1], ["b", 2], ["c", 3]]
        let statements = SQLStatement.lookUp(
            "SELECT * FROM t WHERE kind = $1 AND (a, b) IN ($KEYS) ORDER BY a", ["k"], keys: keys)
        #expect(
            statements == [
                SQLStatement(
                    """
                    SELECT * FROM t WHERE kind = $1 AND (a, b) IN (SELECT CAST(column1 AS TEXT), CAST(column2 AS BIGINT) \
                    FROM (VALUES ($2, $3), ($4, $5), ($6, $7), ($8, $9)) AS k) ORDER BY a
                    """,
                    ["k", "a", 1, "b", 2, "c", 3, "c", 3])
            ])
    }

    @Test func `more keys than one statement takes are several statements`() {
        let keys = (0..<600).map { [SQLValue.integer($0)] }
        let statements = SQLStatement.lookUp("SELECT * FROM t WHERE a IN ($KEYS)", keys: keys)
        #expect(statements.map { $0.values.count } == [256, 256, 128])
    }
}
