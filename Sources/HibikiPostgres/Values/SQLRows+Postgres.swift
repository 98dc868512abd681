// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

internal import CPostgres
internal import HibikiSQL

extension SQLRows {
    /// Reads a result of libpq, whose columns are in the binary format.
    init(_ result: OpaquePointer) throws(PostgresFailure) {
        let columns = PQnfields(result)
        let names = (0..<columns).map { column in PQfname(result, column).map { String(cString: $0) } ?? "" }
        let types = (0..<columns).map { UInt32(PQftype(result, $0)) }
        let rows = columns == 0 ? 0 : PQntuples(result)
        var values: [SQLValue] = []
        values.reserveCapacity(Int(rows) * Int(columns))
        for row in 0..<rows {
            for column in 0..<columns {
                guard PQgetisnull(result, row, column) == 0, let bytes = PQgetvalue(result, row, column) else {
                    values.append(.null)
                    continue
                }
                let buffer = UnsafeRawBufferPointer(start: bytes, count: Int(PQgetlength(result, row, column)))
                values.append(
                    try PostgresValue.read(buffer, type: types[Int(column)], column: names[Int(column)]))
            }
        }
        self.init(columns: names, values: values, changes: Self.changes(result, rows: rows))
    }

    /// `PQcmdTuples` counts the rows of a SELECT as well, which changed none.
    private static func changes(_ result: OpaquePointer, rows: Int32) -> Int {
        let tag = String(cString: PQcmdStatus(result))
        guard ["INSERT", "UPDATE", "DELETE", "MERGE"].contains(where: { tag.hasPrefix($0) }) else { return 0 }
        return Int(String(cString: PQcmdTuples(result))) ?? 0
    }
}
