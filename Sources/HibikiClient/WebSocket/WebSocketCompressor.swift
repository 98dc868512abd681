// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWebSocketCodec
import NIOCore

/// The sending and the receiving half of permessage-deflate on one connection, as far as they were agreed on.
struct WebSocketCompressor {
    /// Where no context is kept between messages.
    let contexts: DeflateContexts
    /// Where the server keeps its context.
    let inflater: InflateStream?
    private let deflater: DeflateStream?
    private let windowBits: Int?
    private let threshold: Int

    init(_ agreement: PermessageDeflate.Agreement?, _ configuration: PermessageDeflate.Configuration?) {
        let configuration = configuration ?? PermessageDeflate.Configuration()
        self.contexts = DeflateContexts(configuration)
        self.threshold = configuration.threshold
        self.windowBits = agreement?.windowBits(of: .client)
        let inflatesOn = agreement?.keepsContext(of: .server) ?? false
        self.inflater = inflatesOn ? InflateStream(windowBits: agreement?.windowBits(of: .server) ?? 15) : nil
        let deflatesOn = agreement?.keepsContext(of: .client) ?? false
        self.deflater =
            deflatesOn
            ? DeflateStream(
                windowBits: agreement?.windowBits(of: .client) ?? 15, level: configuration.level,
                memoryLevel: configuration.memoryLevel
            ) : nil
    }

    /// `nil` if the message is to be sent as it is.
    func deflate(_ message: ByteBuffer) -> ByteBuffer? {
        guard let windowBits, message.readableBytes >= self.threshold else { return nil }
        if let deflater { return deflater.deflate(message) }
        guard let deflated = self.contexts.deflate(message, windowBits: windowBits) else { return nil }
        return deflated.readableBytes < message.readableBytes ? deflated : nil
    }
}
