// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

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

    /// The connection is gone, or has been given another role. Comes last, and once.
    func left(_ connection: Connection)
}
