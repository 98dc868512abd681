// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// A database that speaks SQL. Two drivers are there: HibikiSQLite and HibikiPostgres.
///
/// Both calls take all that they will say to the database at once, so that a driver over a network needs one round trip
/// for a ``read(_:)`` and two for a ``transaction(load:_:)``, and an embedded one runs each without a pause.
///
/// A call that is cancelled may still be carried out: cancellation frees the caller where the driver can, and undoes nothing.
public protocol SQLDatabase: Sendable {
    /// The few words in which this database differs.
    var dialect: SQLDialect { get }

    /// The results of these statements, one for each, in their order, from one snapshot of the database: what others
    /// commit in the meantime is in all of them or in none. Statements that write are refused.
    func read(_ statements: [SQLStatement]) async throws(SQLError) -> [SQLRows]

    /// One transaction, durable when this returns: it survives `kill -9` and the loss of power.
    ///
    /// `load` runs first, in order. `decide` is called with its results, one for each statement, and says what to write;
    /// what those statements gave is the result of the call. When any of them fails, or `decide` throws, nothing of the
    /// transaction remains, and that error is thrown; but ``SQLError/Code/resultsLost`` says that it is stored, and
    /// ``SQLError/Code/outcomeUnknown`` that nobody knows.
    ///
    /// - Between `load` and the end, rows that were selected with ``SQLDialect/rowLock`` do not change under the
    ///   transaction; other rows may, as each statement of a transaction sees what is committed when it begins. Take
    ///   locks in one order everywhere (by key), so that two transactions do not wait for each other.
    /// - `load` may write as well, which is for the few places that must (a table that records migrations).
    /// - `decide` is synchronous, short and pure: it runs on a thread of the driver, and runs again when the database
    ///   asks for a repetition.
    /// - Transactions that wait for the same disk may be committed together; one that fails undoes none of the others.
    func transaction(
        load: [SQLStatement], _ decide: @escaping @Sendable ([SQLRows]) throws -> [SQLStatement]
    ) async throws -> [SQLRows]

    /// Ends all connections after what is being done. Calls from then on throw ``SQLError/Code/closed``; a second close
    /// does nothing.
    func close() async
}

extension SQLDatabase {
    /// One transaction of statements that depend on nothing.
    @discardableResult
    public func write(_ statements: [SQLStatement]) async throws -> [SQLRows] {
        try await self.transaction(load: []) { _ in statements }
    }

    /// The result of one statement.
    public func read(_ statement: SQLStatement) async throws(SQLError) -> SQLRows {
        try await self.read([statement]).first ?? .none
    }
}
