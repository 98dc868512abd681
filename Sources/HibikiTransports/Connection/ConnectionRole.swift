// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import NIOCore

/// What a connection speaks at the moment: first HTTP, later perhaps WebSocket or an event stream.
///
/// Bound to the connection's event loop, as is everything that it calls on the ``Connection``.
protocol ConnectionRole: AnyObject {
    /// What it is counted as; `nil` for a connection that is gone.
    var kind: ConnectionKind? { get }

    /// Bytes have come. What the role leaves in `input` is given back to it with the next bytes.
    func receive(_ input: inout ByteBuffer, on connection: Connection)

    /// The peer sends nothing more, but may still read.
    func inputClosed(on connection: Connection)

    /// The deadline that the role has set with ``Connection/setDeadline(after:)`` has passed.
    func deadlinePassed(on connection: Connection)

    /// There is room in the outbound queue again.
    func becameWritable(on connection: Connection)

    /// The server is about to stop: say so, and finish soon. Comes once.
    func shutDown(_ farewell: Farewell, on connection: Connection)

    /// Adds to a record what only the role knows.
    func describe(in record: inout ConnectionRecord)

    /// Whoever runs the server wants the connection to end: say so, in the words that are spoken here.
    func dismiss(_ dismissal: Dismissal, on connection: Connection)

    /// Whoever runs the server wants the peer to follow a topic no longer: tell it.
    ///
    /// - Returns: whether it did.
    func unsubscribe(from topic: Topic, on connection: Connection) -> Bool

    /// The connection is gone, or has been given another role. Comes last, and once.
    func left(_ connection: Connection)
}

extension ConnectionRole {
    func describe(in record: inout ConnectionRecord) {}
    func dismiss(_ dismissal: Dismissal, on connection: Connection) { connection.close() }
    func unsubscribe(from topic: Topic, on connection: Connection) -> Bool { false }
}
