// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

internal import GRDB
internal import HibikiSQL

extension SQLError {
    /// What GRDB threw, without its statement and its values.
    init(_ error: any Error) {
        switch error {
        case let error as SQLError: self = error
        case let error as DatabaseError: self.init(Self.code(of: error), error.message ?? "SQLite: \(error.resultCode)")
        default: self.init(.failed, "\(error)")
        }
    }

    /// Section "Result Codes" of SQLite's documentation.
    private static func code(of error: DatabaseError) -> Code {
        switch error.resultCode {
        case .SQLITE_CONSTRAINT: .constraint
        case .SQLITE_BUSY, .SQLITE_LOCKED: .busy
        case .SQLITE_FULL: .full
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: .damaged
        case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_IOERR: .unavailable
        case .SQLITE_MISUSE where error.message == "Connection is closed": .closed
        case .SQLITE_ERROR, .SQLITE_READONLY, .SQLITE_RANGE, .SQLITE_MISMATCH, .SQLITE_TOOBIG: .statement
        default: .failed
        }
    }
}
