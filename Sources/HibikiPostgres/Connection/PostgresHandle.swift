// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

internal import CPostgres

/// A connection of libpq, closed when nobody holds it any more.
///
/// Unchecked, as libpq lets a connection be used on any thread but by one at a time: the thread that opens it hands it
/// over to the actor ``PostgresConnection``, which keeps it.
final class PostgresHandle: @unchecked Sendable {
    let connection: OpaquePointer

    init(_ connection: OpaquePointer) {
        self.connection = connection
    }

    deinit {
        PQfinish(self.connection)
    }

    /// What libpq says about the last failure, in one line.
    var message: String {
        String(cString: PQerrorMessage(self.connection)).split(separator: "\n").joined(separator: " ")
    }

    var isBroken: Bool {
        PQstatus(self.connection) == CONNECTION_BAD
    }

    /// The descriptor may change while a connection is opened, so nobody keeps it.
    var socket: Int32 {
        PQsocket(self.connection)
    }
}
