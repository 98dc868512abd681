// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
import NIOCore

/// A connection beyond a limit: it is told so, and when to come back, without being read.
final class RefusedRole: ConnectionRole {
    private static let retryAfter = "5"

    func begin(on connection: Connection) {
        connection.write { output in
            let body = ErrorBody.make(WireError(.overloaded, "too many connections; come back in a moment"))
            output.writeStatusLine(503)
            output.writeField("Date", connection.loop.date)
            output.writeField("Content-Type", "application/json")
            output.writeField("Content-Length", String(body.readableBytes))
            output.writeField("Retry-After", Self.retryAfter)
            output.writeField("Connection", "close")
            output.writeStaticString("\r\n")
            output.writeImmutableBuffer(body)
        }
        connection.closeGracefully()
    }

    func receive(_ input: inout ByteBuffer, on connection: Connection) {
        input.moveReaderIndex(to: input.writerIndex)
    }

    func inputClosed(on connection: Connection) {}
    func deadlinePassed(on connection: Connection) {}
    func becameWritable(on connection: Connection) {}
    func shutDown(on connection: Connection) {}
    func left(_ connection: Connection) {}
}
