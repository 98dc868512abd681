// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore

/// What a server says, as the fields of a `WebSocketFrame`.
extension ProtobufFields {
    mutating func writeType(_ type: FrameType) {
        self.write(FrameField.type, type.rawValue)
    }

    mutating func writeID(_ id: RequestID?) {
        switch id {
        case .number(let number): self.writePresent(FrameField.number, number)
        case .string(let key): self.writePresent(FrameField.key, key)
        case nil: break
        }
    }

    /// The fields of `Event`, which are those of a frame that is one.
    ///
    /// - Parameter chatMessage: stands in the place of the payload.
    mutating func writeEvent(_ event: EventFields, _ chatMessage: ByteBuffer?) {
        self.write(FrameField.event, event.event)
        if let chatMessage { self.write(FrameField.chatMessage, chatMessage) }
        self.write(FrameField.topic, event.topic)
        self.write(FrameField.position, event.position ?? "")
        if chatMessage == nil { self.write(FrameField.payload, event.payload) }
        if let from = event.from { self.writePresent(FrameField.from, from) }
        self.write(FrameField.timestamp, event.timestamp)
    }

    mutating func writeSignal(_ type: FrameType, from: String, payload: ByteBuffer, timestamp: Int64) {
        self.writeType(type)
        self.write(FrameField.payload, payload)
        self.writePresent(FrameField.from, from)
        self.write(FrameField.timestamp, timestamp)
    }

    mutating func writeReply(id: RequestID, _ body: ReplyBody) {
        self.writeType(.reply)
        self.writeID(id)
        switch body {
        case .done:
            break
        case .connected(let principal, let expiresAt):
            self.write(FrameField.principal, principal)
            if let expiresAt { self.writePresent(FrameField.expiresAt, expiresAt) }
        case .subscribed(let topic, let position, let gap):
            self.write(FrameField.topic, topic)
            self.write(FrameField.position, position)
            self.write(FrameField.gap, gap)
        case .published(let position, let duplicate):
            self.write(FrameField.position, position)
            self.write(FrameField.duplicate, duplicate)
        case .delivered(let delivered):
            self.writePresent(FrameField.delivered, delivered)
        case .result(let result):
            self.write(FrameField.result, result)
        }
    }

    mutating func writeError(_ error: WireError) {
        self.writeType(.error)
        self.writeID(error.id)
        self.write(FrameField.code, error.code.rawValue)
        self.write(FrameField.message, error.message)
        self.write(FrameField.retry, error.code.mayRetry)
        if let retryAfter = error.retryAfter { self.writePresent(FrameField.retryAfter, retryAfter) }
    }
}
