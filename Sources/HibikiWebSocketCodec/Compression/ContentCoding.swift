// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import CZlib
public import NIOCore

/// How the body of an HTTP response may be compressed (RFC 9110 §8.4.1).
///
/// It has nothing to do with WebSocket, and stands here because here is the wall around zlib.
public enum ContentCoding: String, Sendable, CaseIterable {
    case gzip
    case deflate

    /// - Parameter level: 1 to 9.
    /// - Returns: `nil` if zlib fails; the body is then to be sent as it is.
    public func encode(_ body: ByteBuffer, level: Int = 3) -> ByteBuffer? {
        guard body.readableBytes <= Int(UInt32.max) else { return nil }
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        defer { stream.deallocate() }
        // zlib writes its own format by default, which is what HTTP calls deflate, and gzip with 16 added.
        let windowBits: Int32 = self == .gzip ? 15 + 16 : 15
        guard hibiki_deflateInit2(stream, Int32(min(max(level, 1), 9)), windowBits, 8) == Z_OK else { return nil }
        defer { deflateEnd(stream) }
        return body.withUnsafeReadableBytes { input in
            stream.pointee.setInput(input)
            var output = ByteBufferAllocator().buffer(capacity: input.count / 2 + 64)
            var result = Z_OK
            while result == Z_OK {
                result = output.writeOutput(of: stream, atLeast: 256, atMost: .max) { CZlib.deflate($0, Z_FINISH) }
            }
            return result == Z_STREAM_END ? output : nil
        }
    }
}
