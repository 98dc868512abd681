// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

package import HibikiMessaging
import HibikiWebSocketCodec
package import HibikiWire
import NIOCore
import Synchronization

extension EventFields {
    package init(_ publication: Publication) {
        self.init(
            topic: publication.topic.name, position: publication.position.description, event: publication.event,
            payload: publication.payload, from: publication.from?.description,
            timestamp: publication.timestamp.milliseconds
        )
    }
}

extension EventFields {
    /// An event that no log keeps; `nil` for what is no event.
    init?(_ signal: Signal, of topic: Topic) {
        guard let event = signal.event else { return nil }
        self.init(
            topic: topic.name, position: nil, event: event, payload: signal.payload, from: signal.from?.description,
            timestamp: signal.timestamp.milliseconds)
    }
}

/// The native protocol's messages as WebSocket frames: one format for connections that do not compress, and one for each window
/// of those that do. A message is made, and compressed, once for all that share a format.
struct NativeFormats: Sendable {
    private let plain: WireFormat
    /// By window bits, from 9.
    private let compressed: [WireFormat]

    init(_ compression: PermessageDeflate.Configuration?) {
        self.plain = WireFormat { publication, bytes in
            let fields = EventFields(publication)
            bytes.writeWebSocketFrame(.text, expecting: fields.payload.readableBytes + 160) {
                $0.writeEventMessage(fields, type: true)
            }
        } signal: { signal, bytes in
            bytes.writeWebSocketFrame(.text) { $0.writeSignal(signal) }
        }
        self.compressed = compression.map { Self.compressed($0) } ?? []
    }

    /// The format for connections that have agreed on this.
    func format(for agreement: PermessageDeflate.Agreement?) -> WireFormat {
        guard let agreement else { return self.plain }
        let index = agreement.windowBits(of: .server) - 9
        return self.compressed.indices.contains(index) ? self.compressed[index] : self.plain
    }

    private static func compressed(_ compression: PermessageDeflate.Configuration) -> [WireFormat] {
        let compressor = SharedCompressor(compression)
        return (9...15).map { windowBits in
            WireFormat { publication, bytes in
                var message = ByteBuffer()
                message.writeEventMessage(EventFields(publication), type: true)
                compressor.write(message, windowBits: windowBits, to: &bytes)
            } signal: { signal, bytes in
                var message = ByteBuffer()
                message.writeSignal(signal)
                compressor.write(message, windowBits: windowBits, to: &bytes)
            }
        }
    }
}

/// Compresses what goes to many connections, on whatever event loop asks first.
private final class SharedCompressor: Sendable {
    private let contexts: Mutex<DeflateContexts>
    private let threshold: Int

    init(_ compression: PermessageDeflate.Configuration) {
        self.contexts = Mutex(DeflateContexts(compression))
        self.threshold = compression.threshold
    }

    func write(_ message: ByteBuffer, windowBits: Int, to bytes: inout ByteBuffer) {
        guard message.readableBytes >= self.threshold,
            let compressed = self.contexts.withLock({ $0.deflate(message, windowBits: windowBits) })
        else {
            bytes.writeWebSocketFrame(.text, payload: message)
            return
        }
        bytes.writeWebSocketFrame(.text, compressed: true, payload: compressed)
    }
}

extension ByteBuffer {
    fileprivate mutating func writeSignal(_ signal: Signal) {
        let from = signal.from?.description ?? ""
        switch signal.kind {
        case .broadcast:
            self.writeBroadcast(from: from, payload: signal.payload, timestamp: signal.timestamp.milliseconds)
        case .direct:
            self.writeDirect(from: from, payload: signal.payload, timestamp: signal.timestamp.milliseconds)
        case .topic(let topic):
            // Without a name it is for members inside the server.
            guard let fields = EventFields(signal, of: topic) else { break }
            self.writeEventMessage(fields, type: true)
        }
    }
}
