// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import HibikiWebSocketCodec
import NIOCore

extension EngineMessage {
    /// What the message takes while it waits.
    var cost: Int {
        self.packet.attachments.reduce(self.packet.first.bytes.readableBytes + 64) { $0 + $1.readableBytes }
    }

    /// Its parts as packets of Engine.IO, in their order.
    var packets: [EnginePacket] {
        let first: EnginePacket =
            switch self.packet.first {
            case .text(let text): .message(text: text)
            case .binary(let bytes): .message(binary: bytes)
            }
        return [first] + self.packet.attachments.map { .message(binary: $0) }
    }

    /// Writes the frames of a WebSocket that does not compress.
    static func writeFrames(_ message: EngineMessage, _ form: EngineForm, to bytes: inout ByteBuffer) {
        switch message.packet.first {
        case .text(let text):
            bytes.writeWebSocketFrame(.text, expecting: text.readableBytes + 1) {
                $0.writeInteger(UInt8(ascii: "4"))
                $0.writeImmutableBuffer(text)
            }
        case .binary(let binary):
            bytes.writeBinaryFrame(binary, form)
        }
        for attachment in message.packet.attachments {
            bytes.writeBinaryFrame(attachment, form)
        }
    }
}

extension EncodedPacket.Message {
    var bytes: ByteBuffer {
        switch self {
        case .text(let bytes), .binary(let bytes): bytes
        }
    }
}

extension ByteBuffer {
    fileprivate mutating func writeBinaryFrame(_ binary: ByteBuffer, _ form: EngineForm) {
        guard form.isBase64 else {
            self.writeWebSocketFrame(.binary, expecting: binary.readableBytes + 1) {
                $0.writeEngineBinary(binary, version: form.version)
            }
            return
        }
        self.writeWebSocketFrame(.text, expecting: binary.readableBytes * 4 / 3 + 8) {
            $0.writeEngineText(.message(binary: binary), version: form.version)
        }
    }
}
