// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIO
import HibikiSocketIOCodec
import HibikiTransports
import HibikiWire
import NIOCore

/// Engine.IO alone: every message comes back.
final class EngineEcho: EngineApplication {
    private let connection: any EngineConnection

    init(_ connection: any EngineConnection) {
        self.connection = connection
    }

    static func mount(_ configuration: EngineConfiguration) -> Mount {
        Mount([EngineServer(path: "/engine.io/", configuration: configuration) { EngineEcho($0) }.route])
    }

    var isReady: Bool { true }

    func received(text: ByteBuffer) {
        self.connection.sendText(text.readableBytes, isVolatile: false, isCompressible: true) { output in
            text.withUnsafeReadableBytes { output.append($0) }
        }
    }

    func received(binary: ByteBuffer) {
        // A copy, because the bytes are a slice of a buffer that is used again.
        let copy = ByteBuffer(bytes: binary.readableBytesView)
        self.connection.send(EngineMessage(EncodedPacket(.binary(copy))), isVolatile: false)
    }

    func moved(toLoop number: Int) {}
    func closed(_ reason: EngineCloseReason, description: String?) {}
}
