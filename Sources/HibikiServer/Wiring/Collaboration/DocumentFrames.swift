// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiCollaboration
import HibikiMessaging
import HibikiTransports
import HibikiWebSocketCodec
import NIOCore

/// Takes the frames of documents to those who have them open, through the hub: each document has a topic that no client can name.
struct DocumentPress: DocumentOutlet {
    let hub: Hub

    func send(_ frames: [[UInt8]], to name: DocumentName) {
        self.hub.send(
            Signal(.topic(name.framesTopic), from: nil, payload: DocumentFrames.join(frames), timestamp: .now()))
    }
}

/// Several frames in one signal, so that every event loop is woken once for all that was stored together.
enum DocumentFrames {
    /// The frames as WebSocket messages, made once for everybody.
    static let binary = Self.format(.binary)
    static let text = Self.format(.text)

    private static func format(_ opcode: WebSocketOpcode) -> WireFormat {
        WireFormat { _, _ in
        } signal: { signal, bytes in
            var rest = signal.payload
            while let frame = rest.readLengthPrefixedSlice(as: UInt32.self) {
                bytes.writeWebSocketFrame(opcode, payload: frame)
            }
        }
    }

    static func join(_ frames: [[UInt8]]) -> ByteBuffer {
        var bytes = ByteBuffer()
        bytes.reserveCapacity(frames.reduce(0) { $0 + $1.count + 4 })
        for frame in frames {
            bytes.writeInteger(UInt32(clamping: frame.count))
            bytes.writeBytes(frame)
        }
        return bytes
    }
}
