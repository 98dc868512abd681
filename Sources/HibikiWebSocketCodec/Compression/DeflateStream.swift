// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import CZlib
public import NIOCore

/// A compressor of one connection that keeps its context between messages, or one of a pool that does not.
///
/// Bound to one event loop.
public final class DeflateStream {
    private let stream: UnsafeMutablePointer<z_stream>

    /// - Parameters:
    ///   - windowBits: The window agreed on, 8 to 15. zlib has no raw deflate with 8; its window of 9 never refers
    ///     further back than 250 bytes (`MAX_DIST`), which a receiver with a window of 8 can follow.
    ///   - level: 1 to 9.
    ///   - memoryLevel: 1 to 9.
    /// - Returns: `nil` if zlib has no memory.
    public init?(windowBits: Int, level: Int = 3, memoryLevel: Int = 7) {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let bits = Int32(min(max(windowBits, 9), 15))
        let level = Int32(min(max(level, 1), 9))
        let memoryLevel = Int32(min(max(memoryLevel, 1), 9))
        guard hibiki_deflateInit2(stream, level, -bits, memoryLevel) == Z_OK else {
            stream.deallocate()
            return nil
        }
        self.stream = stream
    }

    deinit {
        deflateEnd(self.stream)
        self.stream.deallocate()
    }

    /// Forgets all messages so far. To be called when the peer was sent a message that this stream has not compressed
    /// (a broadcast, compressed once for all): the peer's window has moved on, and references into it would be wrong.
    public func reset() {
        deflateReset(self.stream)
    }

    /// Compresses one message (RFC 7692 §7.2.1), without the four bytes that end each.
    ///
    /// - Returns: `nil` if zlib fails; the stream is then reset, and the message is to be sent as it is.
    public func deflate(_ message: ByteBuffer) -> ByteBuffer? {
        guard message.readableBytes > 0 else { return ByteBuffer(integer: UInt8(0)) }
        guard message.readableBytes <= Int(UInt32.max) else { return nil }
        let compressed = message.withUnsafeReadableBytes { self.deflate($0) }
        if compressed == nil { self.reset() }
        return compressed
    }

    private func deflate(_ input: UnsafeRawBufferPointer) -> ByteBuffer? {
        self.stream.pointee.setInput(input)
        defer { self.stream.pointee.clear() }
        var output = ByteBufferAllocator().buffer(capacity: input.count / 2 + 64)
        while true {
            let result = output.writeOutput(of: self.stream, atLeast: 64, atMost: .max) {
                CZlib.deflate($0, Z_SYNC_FLUSH)
            }
            // Z_BUF_ERROR says that the flush ended exactly where the output did.
            guard result == Z_OK || result == Z_BUF_ERROR else { return nil }
            if self.stream.pointee.avail_out > 0 { break }
        }
        guard self.stream.pointee.avail_in == 0 else { return nil }
        return output.withoutFlushMarker()
    }
}

@available(*, unavailable)
extension DeflateStream: Sendable {}

extension ByteBuffer {
    /// What Z_SYNC_FLUSH put at the end, `00 00 ff ff`, does not travel.
    fileprivate func withoutFlushMarker() -> ByteBuffer? {
        let length = self.readableBytes - 4
        guard length >= 0, self.getInteger(at: self.readerIndex + length, as: UInt32.self) == 0x0000_FFFF else {
            return nil
        }
        return self.getSlice(at: self.readerIndex, length: length)
    }

    /// Lets zlib write once, into at least `minimum` and at most `maximum` bytes.
    mutating func writeOutput(
        of stream: UnsafeMutablePointer<z_stream>, atLeast minimum: Int, atMost maximum: Int,
        _ body: (UnsafeMutablePointer<z_stream>) -> Int32
    ) -> Int32 {
        var result = Z_OK
        self.writeWithUnsafeMutableBytes(minimumWritableBytes: min(minimum, maximum)) { bytes in
            let room = UInt32(clamping: min(bytes.count, maximum))
            stream.pointee.next_out = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_out = room
            result = body(stream)
            return Int(room - stream.pointee.avail_out)
        }
        return result
    }
}

extension z_stream {
    /// `input` must outlive the calls that read it and be shorter than 4 GiB.
    mutating func setInput(_ input: UnsafeRawBufferPointer) {
        // zlib declares its input mutable and does not write to it.
        self.next_in = UnsafeMutableRawPointer(mutating: input.baseAddress)?.assumingMemoryBound(to: UInt8.self)
        self.avail_in = UInt32(clamping: input.count)
    }

    /// Leaves no pointer behind to memory that is not zlib's.
    mutating func clear() {
        self.next_in = nil
        self.avail_in = 0
        self.next_out = nil
        self.avail_out = 0
    }
}
