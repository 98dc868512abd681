// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

extension ByteBuffer {
    /// Writes the header of a frame (RFC 6455 §5.2). The payload, already masked if `mask` is given, is to follow.
    ///
    /// - Parameters:
    ///   - compressed: Sets RSV1; on the first frame of a compressed message only (RFC 7692 §6).
    ///   - mask: The key as the standard writes it: `0x37fa213d` travels as `37 fa 21 3d`. Required of a client.
    /// - Returns: The bytes written, 2 to 14.
    @discardableResult
    public mutating func writeWebSocketFrameHeader(
        _ opcode: WebSocketOpcode, fin: Bool = true, compressed: Bool = false, payloadLength: Int, mask: UInt32? = nil
    ) -> Int {
        let written = self.setWebSocketFrameHeader(
            opcode, fin: fin, compressed: compressed, payloadLength: payloadLength, mask: mask, at: self.writerIndex
        )
        self.moveWriterIndex(forwardBy: written)
        return written
    }

    /// Writes a frame whose payload is what `payload` has to read.
    @discardableResult
    public mutating func writeWebSocketFrame(
        _ opcode: WebSocketOpcode, fin: Bool = true, compressed: Bool = false, payload: ByteBuffer, mask: UInt32? = nil
    ) -> Int {
        let length = payload.readableBytes
        self.reserveCapacity(minimumWritableBytes: WebSocketFrameSize.ofHeader(length, isMasked: mask != nil) + length)
        let header = self.writeWebSocketFrameHeader(
            opcode, fin: fin, compressed: compressed, payloadLength: length, mask: mask
        )
        let start = self.writerIndex
        self.writeImmutableBuffer(payload)
        self.maskWebSocketPayload(from: start, mask)
        return header + length
    }

    /// Writes a frame whose payload is `payload`, raw memory or any other collection of bytes.
    @discardableResult
    public mutating func writeWebSocketFrame(
        _ opcode: WebSocketOpcode, fin: Bool = true, compressed: Bool = false, payload: some Collection<UInt8>,
        mask: UInt32? = nil
    ) -> Int {
        let length = payload.count
        self.reserveCapacity(minimumWritableBytes: WebSocketFrameSize.ofHeader(length, isMasked: mask != nil) + length)
        let header = self.writeWebSocketFrameHeader(
            opcode, fin: fin, compressed: compressed, payloadLength: length, mask: mask
        )
        let start = self.writerIndex
        self.writeBytes(payload)
        self.maskWebSocketPayload(from: start, mask)
        return header + length
    }

    /// Writes a close frame (RFC 6455 §5.5.1).
    ///
    /// - Parameters:
    ///   - code: `nil`, or a code that must not travel, makes a close frame without a body.
    ///   - reason: Cut at 123 bytes, before a character that would not fit. Without a code it is left out.
    @discardableResult
    public mutating func writeWebSocketClose(
        code: WebSocketCloseCode?, reason: String = "", mask: UInt32? = nil
    ) -> Int {
        guard let code, code.isAllowedOnTheWire else {
            return self.writeWebSocketFrameHeader(.close, payloadLength: 0, mask: mask)
        }
        let reason = reason.utf8.prefix(Self.lengthOfCloseReason(reason.utf8))
        let length = 2 + reason.count
        let header = self.writeWebSocketFrameHeader(.close, payloadLength: length, mask: mask)
        let start = self.writerIndex
        self.writeInteger(code.rawValue)
        self.writeBytes(reason)
        self.maskWebSocketPayload(from: start, mask)
        return header + length
    }

    @discardableResult
    public mutating func writeWebSocketClose(_ frame: WebSocketCloseFrame, mask: UInt32? = nil) -> Int {
        self.writeWebSocketClose(code: frame.code, reason: frame.reason, mask: mask)
    }

    private static func lengthOfCloseReason(_ reason: String.UTF8View) -> Int {
        let limit = 123
        guard let end = reason.index(reason.startIndex, offsetBy: limit, limitedBy: reason.endIndex),
            end < reason.endIndex
        else { return reason.count }
        var length = limit
        var index = end
        while length > 0, reason[index] & 0xC0 == 0x80 {
            index = reason.index(before: index)
            length -= 1
        }
        return length
    }

    /// Puts a header at `index`, growing the buffer if need be, and leaves the indices alone.
    @discardableResult
    mutating func setWebSocketFrameHeader(
        _ opcode: WebSocketOpcode, fin: Bool, compressed: Bool, payloadLength length: Int, mask: UInt32?, at index: Int
    ) -> Int {
        let first = opcode.rawValue & 0x0F | (fin ? 0x80 : 0) | (compressed ? 0x40 : 0)
        let maskBit: UInt8 = mask == nil ? 0 : 0x80
        var end = index
        // In one step where it can be: most frames are short.
        switch length {
        case ...125:
            end += self.setInteger(UInt16(first) << 8 | UInt16(maskBit) | UInt16(truncatingIfNeeded: length), at: end)
        case ...65_535:
            let start = UInt32(first) << 24 | UInt32(126 | maskBit) << 16
            end += self.setInteger(start | UInt32(truncatingIfNeeded: length), at: end)
        default:
            end += self.setInteger(UInt16(first) << 8 | UInt16(127 | maskBit), at: end)
            end += self.setInteger(UInt64(length), at: end)
        }
        if let mask { end += self.setInteger(mask, at: end) }
        return end - index
    }

    /// Masks all that was written since `start`.
    mutating func maskWebSocketPayload(from start: Int, _ mask: UInt32?) {
        guard let mask, self.writerIndex > start else { return }
        let offset = start - self.readerIndex
        self.withUnsafeMutableReadableBytes { bytes in
            Masking.apply(mask.bigEndian, to: UnsafeMutableRawBufferPointer(rebasing: bytes.dropFirst(offset)))
        }
    }
}

/// Sizes of frames as they are written, with the shortest possible length field.
public enum WebSocketFrameSize {
    /// The bytes of the header in front of `payloadLength` bytes: 2, 4 or 10, and 4 more for a mask.
    @inlinable
    public static func ofHeader(_ payloadLength: Int, isMasked: Bool = false) -> Int {
        let mask = isMasked ? 4 : 0
        return switch payloadLength {
        case ...125: 2 + mask
        case ...65_535: 4 + mask
        default: 10 + mask
        }
    }
}
