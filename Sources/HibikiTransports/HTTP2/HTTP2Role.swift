// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import Logging
import NIOCore
import NIOHTTP2

/// A connection that carries streams of HTTP/2 (RFC 9113), each of which is a ``Connection`` of its own.
///
/// It reads and writes nothing itself: the frames are the library's. It knows whether anybody uses the connection.
final class HTTP2Role: ConnectionRole {
    private var streams = 0
    private var isEnding = false
    /// What the connection has left for the requests of all streams.
    let buckets = SharedBuckets()

    var kind: ConnectionKind? { .http2 }

    func streamBegins(on connection: Connection) {
        self.streams += 1
    }

    func streamEnds(on connection: Connection) {
        self.streams -= 1
        guard self.streams == 0 else { return }
        let idle = connection.loop.configuration.http.idleTimeout
        connection.setDeadline(after: self.isEnding ? ClosingRole.patience : idle)
    }

    func receive(_ input: inout ByteBuffer, on connection: Connection) {
        input.moveReaderIndex(to: input.writerIndex)
    }

    func inputClosed(on connection: Connection) {
        connection.close()
    }

    func deadlinePassed(on connection: Connection) {
        guard self.streams == 0 else {
            connection.setDeadline(after: connection.loop.configuration.http.idleTimeout)
            return
        }
        if self.isEnding {
            connection.close()
        } else {
            self.end(connection)
        }
    }

    func becameWritable(on connection: Connection) {}

    func shutDown(_ farewell: Farewell, on connection: Connection) {
        self.end(connection)
    }

    /// Says in a GOAWAY that no more streams are taken; the connection ends with the last of them.
    private func end(_ connection: Connection) {
        self.isEnding = true
        connection.endsHTTP2()
        connection.setDeadline(after: ClosingRole.patience)
    }

    func left(_ connection: Connection) {}
}

@available(*, unavailable)
extension HTTP2Role: Sendable {}
