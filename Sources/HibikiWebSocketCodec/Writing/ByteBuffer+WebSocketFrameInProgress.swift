// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

/// A frame whose payload is being written into the buffer before its length is known.
public struct WebSocketFrameInProgress: Sendable {
    /// Where the frame begins.
    let start: Int
    /// What was left free for the header.
    let reserved: Int
    let mask: UInt32?
}

extension ByteBuffer {
    /// Begins a frame whose payload is then written straight into this buffer, as JSON is by the server.
    ///
    /// ```swift
    /// let frame = buffer.beginWebSocketFrame()
    /// buffer.writeString("{}")
    /// buffer.endWebSocketFrame(frame, .text)
    /// ```
    ///
    /// - Parameters:
    ///   - expectedLength: The bytes of payload to come. If the header turns out to have another size (the borders are
    ///     126 and 65,536), the payload is moved by 2 to 8 bytes; nothing else goes wrong.
    public mutating func beginWebSocketFrame(
        expecting expectedLength: Int = 126, mask: UInt32? = nil
    ) -> WebSocketFrameInProgress {
        let reserved = WebSocketFrameSize.ofHeader(expectedLength, isMasked: mask != nil)
        let frame = WebSocketFrameInProgress(start: self.writerIndex, reserved: reserved, mask: mask)
        self.reserveCapacity(minimumWritableBytes: reserved + expectedLength)
        self.moveWriterIndex(forwardBy: reserved)
        return frame
    }

    /// Writes the header of a frame begun, whose payload is all that was written since.
    ///
    /// - Returns: The bytes of the whole frame.
    @discardableResult
    public mutating func endWebSocketFrame(
        _ frame: WebSocketFrameInProgress, _ opcode: WebSocketOpcode, fin: Bool = true, compressed: Bool = false
    ) -> Int {
        let length = self.writerIndex - frame.start - frame.reserved
        precondition(length >= 0, "the frame was not begun in this buffer")
        let size = WebSocketFrameSize.ofHeader(length, isMasked: frame.mask != nil)
        if size != frame.reserved { self.moveTail(from: frame.start + frame.reserved, by: size - frame.reserved) }
        self.setWebSocketFrameHeader(
            opcode, fin: fin, compressed: compressed, payloadLength: length, mask: frame.mask, at: frame.start
        )
        self.maskWebSocketPayload(from: frame.start + size, frame.mask)
        return size + length
    }

    /// Writes a frame whose payload is what `body` appends. Without allocation if the buffer has room.
    @discardableResult
    public mutating func writeWebSocketFrame<Failure: Error>(
        _ opcode: WebSocketOpcode, expecting expectedLength: Int = 126, mask: UInt32? = nil,
        _ body: (inout ByteBuffer) throws(Failure) -> Void
    ) throws(Failure) -> Int {
        let frame = self.beginWebSocketFrame(expecting: expectedLength, mask: mask)
        do throws(Failure) {
            try body(&self)
        } catch {
            self.moveWriterIndex(to: frame.start)
            throw error
        }
        return self.endWebSocketFrame(frame, opcode)
    }

    /// Moves what stands between `index` and the writer index, and the writer index with it.
    private mutating func moveTail(from index: Int, by distance: Int) {
        let length = self.writerIndex - index
        if distance > 0 { self.writeRepeatingByte(0, count: distance) }
        let offset = index - self.readerIndex
        self.withUnsafeMutableReadableBytes { bytes in
            let source = UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset + length)])
            UnsafeMutableRawBufferPointer(rebasing: bytes.dropFirst(offset + distance)).copyMemory(from: source)
        }
        if distance < 0 { self.moveWriterIndex(to: self.writerIndex + distance) }
    }
}
