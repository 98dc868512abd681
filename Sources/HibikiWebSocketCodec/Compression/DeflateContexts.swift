// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

/// The compressors and the decompressor that all connections of an event loop share where no context is kept between
/// messages. Each is made when it is first needed: about 200 KB for a window of 15, 40 KB for the decompressor.
///
/// Bound to one event loop. A call leaves nothing behind, so no two messages can be in each other's way.
public final class DeflateContexts {
    private let level: Int
    private let memoryLevel: Int
    /// By window bits.
    private var deflaters: [Int: DeflateStream] = [:]
    private var inflater: InflateStream?

    public init(_ configuration: PermessageDeflate.Configuration = PermessageDeflate.Configuration()) {
        self.level = configuration.level
        self.memoryLevel = configuration.memoryLevel
    }

    /// Compresses one message that refers to no other (RFC 7692 §7.2.1). Any receiver whose window is at least
    /// `windowBits` can read it, whatever it was sent before, so a broadcast is compressed once for each window agreed
    /// on; for a connection that keeps its context, ``DeflateStream/reset()`` is due afterwards.
    ///
    /// - Returns: `nil` if zlib fails; the message is then to be sent as it is.
    public func deflate(_ message: ByteBuffer, windowBits: Int = 15) -> ByteBuffer? {
        guard let deflater = self.deflater(windowBits: min(max(windowBits, 9), 15)) else { return nil }
        deflater.reset()
        return deflater.deflate(message)
    }

    /// Restores one message that refers to no other; see ``InflateStream/inflate(_:limit:)``.
    public func inflate(_ payload: ByteBuffer, limit: Int) throws(ProtocolViolation) -> ByteBuffer {
        guard let inflater = self.inflater ?? InflateStream() else { throw .noInflater }
        self.inflater = inflater
        inflater.reset()
        return try inflater.inflate(payload, limit: limit)
    }

    private func deflater(windowBits: Int) -> DeflateStream? {
        if let deflater = self.deflaters[windowBits] { return deflater }
        let deflater = DeflateStream(windowBits: windowBits, level: self.level, memoryLevel: self.memoryLevel)
        self.deflaters[windowBits] = deflater
        return deflater
    }
}

@available(*, unavailable)
extension DeflateContexts: Sendable {}
