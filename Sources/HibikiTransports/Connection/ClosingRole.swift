// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore

/// Everything has been said: what still comes is thrown away until the peer closes too.
final class ClosingRole: ConnectionRole {
    /// How long the peer is waited for.
    static let patience = TimeAmount.seconds(2)

    func receive(_ input: inout ByteBuffer, on connection: Connection) {
        input.moveReaderIndex(to: input.writerIndex)
    }

    func inputClosed(on connection: Connection) {
        connection.close()
    }

    func deadlinePassed(on connection: Connection) {
        connection.close()
    }

    func becameWritable(on connection: Connection) {}
    func shutDown(on connection: Connection) {}
    func left(_ connection: Connection) {}
}

/// The role of a connection that is gone.
final class ClosedRole: ConnectionRole {
    func receive(_ input: inout ByteBuffer, on connection: Connection) {
        input.moveReaderIndex(to: input.writerIndex)
    }

    func inputClosed(on connection: Connection) {}
    func deadlinePassed(on connection: Connection) {}
    func becameWritable(on connection: Connection) {}
    func shutDown(on connection: Connection) {}
    func left(_ connection: Connection) {}
}
