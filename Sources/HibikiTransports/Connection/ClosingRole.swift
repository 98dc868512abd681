// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore

/// Everything has been said: what still comes is thrown away until the peer closes too.
final class ClosingRole: ConnectionRole {
    /// How long a peer is waited for that takes nothing, or does not close.
    static let patience = TimeAmount.seconds(2)
    private var isSent = false

    var kind: ConnectionKind? { .closing }

    func receive(_ input: inout ByteBuffer, on connection: Connection) {
        input.moveReaderIndex(to: input.writerIndex)
    }

    func inputClosed(on connection: Connection) {
        if connection.waitingBytes == 0 {
            connection.close()
        }
    }

    /// A slow peer gets all that it was sent; the patience begins anew as long as it takes something.
    func deadlinePassed(on connection: Connection) {
        let wasSent = self.isSent
        self.isSent = connection.waitingBytes == 0
        if wasSent || !connection.hasProgressed() || self.isSent && connection.flags.contains(.inputEnded) {
            connection.close()
        } else {
            connection.setDeadline(after: Self.patience)
        }
    }

    func becameWritable(on connection: Connection) {}
    func shutDown(_ farewell: Farewell, on connection: Connection) {}
    func left(_ connection: Connection) {}
}

/// The role of a connection that is gone.
final class ClosedRole: ConnectionRole {
    var kind: ConnectionKind? { nil }

    func receive(_ input: inout ByteBuffer, on connection: Connection) {
        input.moveReaderIndex(to: input.writerIndex)
    }

    func inputClosed(on connection: Connection) {}
    func deadlinePassed(on connection: Connection) {}
    func becameWritable(on connection: Connection) {}
    func shutDown(_ farewell: Farewell, on connection: Connection) {}
    func left(_ connection: Connection) {}
}
