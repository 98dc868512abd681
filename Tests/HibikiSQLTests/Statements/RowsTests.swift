// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSQL
import Testing

@Suite struct RowsTests {
    private let rows = SQLRows(
        columns: ["id", "name", "score", "bytes", "flag"],
        values: [1, "one", .real(0.5), .blob([1, 2]), 1, 2, nil, nil, nil, 0]
    )

    @Test func `a column is read as the type that is asked for`() throws {
        #expect(self.rows.count == 2)
        let id: Int64 = try self.rows[0]["id"]
        let name: String? = try self.rows[0]["name"]
        let score: Double = try self.rows[0]["score"]
        let bytes: [UInt8] = try self.rows[0]["bytes"]
        let flag: Bool = try self.rows[1]["flag"]
        #expect(id == 1 && name == "one" && score == 0.5 && bytes == [1, 2] && !flag)
    }

    @Test func `NULL is nil, and no value`() throws {
        let name: String? = try self.rows[1]["name"]
        #expect(name == nil)
        let error = #expect(throws: SQLError.self) { let _: String = try self.rows[1]["name"] }
        #expect(error?.code == .column)
        #expect(error?.message == "the column name holds NULL, which is no String")
    }

    @Test func `a column that is not there names those that are`() {
        let error = #expect(throws: SQLError.self) { let _: Int = try self.rows[0]["ID"] }
        #expect(error?.message == "the result has no column ID, but id, name, score, bytes, flag")
    }

    @Test func `nothing is parsed, rounded or cut`() {
        #expect(Int64(sqlValue: "1") == nil)
        #expect(Int64(sqlValue: .real(1)) == nil)
        #expect(String(sqlValue: 1) == nil)
        #expect(Bool(sqlValue: 2) == nil)
        #expect(Double(sqlValue: 2) == 2)
        #expect(Double(sqlValue: .integer((1 << 53) + 1)) == nil)
    }

    @Test func `a value comes back as what it was`() {
        #expect(String?(sqlValue: String?.none.sqlValue) == .some(.none))
        #expect(Int64(sqlValue: Int64.min.sqlValue) == .min)
        #expect([UInt8](sqlValue: [UInt8]([]).sqlValue) == [])
        #expect(Bool(sqlValue: true.sqlValue) == true)
    }
}
