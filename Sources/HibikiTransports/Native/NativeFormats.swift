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

/// The native protocol's messages as WebSocket frames. Of each encoding there is one format for connections that do not compress,
/// and one for each window of those that do. A message is made, and compressed, once for all that share a format.
struct NativeFormats: Sendable {
    private let json: Family
    private let protobuf: Family

    init(_ compression: PermessageDeflate.Configuration?) {
        self.json = Family(.json, compression)
        self.protobuf = Family(.protobuf, compression)
    }

    /// The format for connections that have agreed on this.
    func format(for agreement: PermessageDeflate.Agreement?, _ encoding: NativeEncoding) -> WireFormat {
        switch encoding {
        case .json: self.json.format(for: agreement)
        case .protobuf: self.protobuf.format(for: agreement)
        }
    }
}

/// The formats of one encoding.
private struct Family: Sendable {
    private let plain: WireFormat
    /// By window bits, from 9.
    private let compressed: [WireFormat]

    init(_ encoding: NativeEncoding, _ compression: PermessageDeflate.Configuration?) {
        let opcode = encoding.opcode
        self.plain = WireFormat { publication, bytes in
            let fields = EventFields(publication)
            bytes.writeWebSocketFrame(opcode, expecting: fields.payload.readableBytes + 160) {
                encoding.writeEvent(fields, to: &$0)
            }
        } signal: { signal, bytes in
            bytes.writeWebSocketFrame(opcode) { encoding.write(signal, to: &$0) }
        }
        self.compressed = compression.map { Self.compressed(encoding, $0) } ?? []
    }

    func format(for agreement: PermessageDeflate.Agreement?) -> WireFormat {
        guard let agreement else { return self.plain }
        let index = agreement.windowBits(of: .server) - 9
        return self.compressed.indices.contains(index) ? self.compressed[index] : self.plain
    }

    private static func compressed(
        _ encoding: NativeEncoding, _ compression: PermessageDeflate.Configuration
    ) -> [WireFormat] {
        let compressor = SharedCompressor(compression, encoding.opcode)
        return (9...15).map { windowBits in
            WireFormat { publication, bytes in
                var message = ByteBuffer()
                encoding.writeEvent(EventFields(publication), to: &message)
                compressor.write(message, windowBits: windowBits, to: &bytes)
            } signal: { signal, bytes in
                var message = ByteBuffer()
                encoding.write(signal, to: &message)
                compressor.write(message, windowBits: windowBits, to: &bytes)
            }
        }
    }
}

/// Compresses what goes to many connections, on whatever event loop asks first.
private final class SharedCompressor: Sendable {
    private let contexts: Mutex<DeflateContexts>
    private let threshold: Int
    private let opcode: WebSocketOpcode

    init(_ compression: PermessageDeflate.Configuration, _ opcode: WebSocketOpcode) {
        self.contexts = Mutex(DeflateContexts(compression))
        self.threshold = compression.threshold
        self.opcode = opcode
    }

    func write(_ message: ByteBuffer, windowBits: Int, to bytes: inout ByteBuffer) {
        guard message.readableBytes >= self.threshold,
            let compressed = self.contexts.withLock({ $0.deflate(message, windowBits: windowBits) })
        else {
            bytes.writeWebSocketFrame(self.opcode, payload: message)
            return
        }
        bytes.writeWebSocketFrame(self.opcode, compressed: true, payload: compressed)
    }
}

extension NativeEncoding {
    /// The kind of its messages.
    var opcode: WebSocketOpcode {
        switch self {
        case .json: .text
        case .protobuf: .binary
        }
    }

    fileprivate func write(_ signal: Signal, to bytes: inout ByteBuffer) {
        let from = signal.from?.description ?? ""
        let timestamp = signal.timestamp.milliseconds
        switch signal.kind {
        case .broadcast:
            self.writeBroadcast(from: from, payload: signal.payload, timestamp: timestamp, to: &bytes)
        case .direct:
            self.writeDirect(from: from, payload: signal.payload, timestamp: timestamp, to: &bytes)
        case .topic(let topic):
            // Without a name it is for members inside the server.
            guard let fields = EventFields(signal, of: topic) else { break }
            self.writeEvent(fields, to: &bytes)
        }
    }
}
