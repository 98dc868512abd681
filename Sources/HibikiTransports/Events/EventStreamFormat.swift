// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire
import NIOCore

/// How an event stream writes publications (the HTML standard, §9.2).
struct EventStreamFormat: Hashable {
    /// Whether the body is chunked; a client of HTTP/1.0 reads to the end of the connection instead.
    var isChunked = true
    /// Whether the position of the publication is the `id`. A stream of several topics has an id of its own.
    var hasID = true
    /// Whether `data` is the whole event rather than its payload.
    var isEnvelope = false

    var wireFormat: WireFormat {
        Self.all[(self.isChunked ? 1 : 0) + (self.hasID ? 2 : 0) + (self.isEnvelope ? 4 : 0)]
    }

    private static let all = (0..<8).map { bits in
        EventStreamFormat(isChunked: bits & 1 != 0, hasID: bits & 2 != 0, isEnvelope: bits & 4 != 0).make()
    }

    private func make() -> WireFormat {
        WireFormat { publication, bytes in
            self.write(to: &bytes) { self.write(publication, to: &$0) }
        } signal: { signal, bytes in
            self.write(to: &bytes) { self.write(signal, to: &$0) }
        }
    }

    /// Appends a part of the body.
    func write(to bytes: inout ByteBuffer, _ body: (inout ByteBuffer) -> Void) {
        guard self.isChunked else {
            body(&bytes)
            return
        }
        var part = ByteBuffer()
        body(&part)
        bytes.writeChunk(part)
    }

    func write(_ publication: Publication, to bytes: inout ByteBuffer) {
        let id = self.hasID ? publication.position.description : nil
        guard self.isEnvelope else {
            bytes.writeServerSentEvent(id: id, event: publication.event, data: publication.payload)
            return
        }
        var data = ByteBuffer()
        data.writeEventMessage(EventFields(publication), type: false)
        bytes.writeServerSentEvent(id: id, event: "event", data: data)
    }

    private func write(_ signal: Signal, to bytes: inout ByteBuffer) {
        var data = ByteBuffer()
        switch signal.kind {
        case .broadcast:
            // Goes from WebSocket to WebSocket.
            break
        case .topic(let topic):
            // Without an `id`: whoever comes back does so from the last event that a log keeps.
            guard let fields = EventFields(signal, of: topic) else { break }
            guard self.isEnvelope else {
                return bytes.writeServerSentEvent(event: fields.event, data: fields.payload)
            }
            data.writeEventMessage(fields, type: false)
            bytes.writeServerSentEvent(event: "event", data: data)
        case .direct:
            data.writeDirect(
                from: signal.from?.description ?? "", payload: signal.payload,
                timestamp: signal.timestamp.milliseconds, type: false
            )
            bytes.writeServerSentEvent(event: "direct", data: data)
        }
    }
}
