// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import CZlib
public import NIOCore

/// A decompressor of one connection that keeps its context between messages, or one of a pool that does not.
///
/// Bound to one event loop.
public final class InflateStream {
    private let stream: UnsafeMutablePointer<z_stream>

    /// - Parameter windowBits: The window that the sender may use, 8 to 15.
    /// - Returns: `nil` if zlib has no memory.
    public init?(windowBits: Int = 15) {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        guard hibiki_inflateInit2(stream, -Int32(min(max(windowBits, 8), 15))) == Z_OK else {
            stream.deallocate()
            return nil
        }
        self.stream = stream
    }

    deinit {
        inflateEnd(self.stream)
        self.stream.deallocate()
    }

    /// Forgets all messages so far.
    public func reset() {
        inflateReset(self.stream)
    }

    /// Restores one message (RFC 7692 §7.2.2).
    ///
    /// - Parameters:
    ///   - payload: The payloads of all its frames.
    ///   - limit: The bytes that the message may have. Memory grows with what is written, and never above it by more
    ///     than the rounding of a buffer.
    /// - Throws: ``ProtocolViolation/messageTooBig`` at the first byte above the limit,
    ///   ``ProtocolViolation/invalidCompressedData`` for data that break off or are not deflate.
    public func inflate(_ payload: ByteBuffer, limit: Int) throws(ProtocolViolation) -> ByteBuffer {
        // Not what RFC 7692 §7.2.3.6 writes for an empty message, but it means the same.
        guard payload.readableBytes > 0 else { return ByteBuffer() }
        guard payload.readableBytes <= Int(UInt32.max) else { throw .messageTooBig }
        let limit = min(max(limit, 0), Int(Int32.max) - 1)
        var output = ByteBufferAllocator().buffer(capacity: min(min(payload.readableBytes, 65_536) * 4, limit))
        let outcome = payload.withUnsafeReadableBytes { self.run($0, limit, &output) }
        switch outcome {
        case .success(.endOfStream): return output
        case .success(.needsMore): break
        case .failure(let violation): throw violation
        }
        // What the sender took off (RFC 7692 §7.2.1).
        let marker: UInt32 = 0xFFFF_0000
        let tail = withUnsafeBytes(of: marker.littleEndian) { self.run($0, limit, &output) }
        if case .failure(let violation) = tail { throw violation }
        guard self.isBetweenBlocks else { throw .invalidCompressedData }
        return output
    }

    private enum Progress { case needsMore, endOfStream }

    /// Whether the last block is over. zlib tells it by a bit of `data_type`.
    private var isBetweenBlocks: Bool {
        self.stream.pointee.data_type & 128 != 0
    }

    private func run(
        _ input: UnsafeRawBufferPointer, _ limit: Int, _ output: inout ByteBuffer
    ) -> Result<Progress, ProtocolViolation> {
        self.stream.pointee.setInput(input)
        defer { self.stream.pointee.clear() }
        while true {
            // One byte more than allowed, so that a message of exactly `limit` bytes is told from a longer one.
            let room = limit - output.readableBytes + 1
            let result = output.writeOutput(of: self.stream, atLeast: 512, atMost: room) {
                CZlib.inflate($0, Z_SYNC_FLUSH)
            }
            guard output.readableBytes <= limit else { return .failure(.messageTooBig) }
            switch result {
            case Z_STREAM_END:
                // A block with BFINAL set ends zlib's stream but not the message (RFC 7692 §7.2.3.4). The window stays.
                guard inflateResetKeep(self.stream) == Z_OK else { return .failure(.invalidCompressedData) }
                if self.stream.pointee.avail_in == 0 { return .success(.endOfStream) }
            case Z_OK, Z_BUF_ERROR:
                if self.stream.pointee.avail_out > 0 { return .success(.needsMore) }
            case Z_MEM_ERROR:
                return .failure(.noInflater)
            default:
                return .failure(.invalidCompressedData)
            }
        }
    }
}

@available(*, unavailable)
extension InflateStream: Sendable {}
