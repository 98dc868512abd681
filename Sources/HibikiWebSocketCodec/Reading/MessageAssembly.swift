// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore

/// What a reader keeps of a frame or message that has not come whole. It grows with the bytes that arrived, never
/// with the length that was announced.
struct MessageAssembly: Sendable {
    /// A data message of which at least one frame has begun.
    struct Message: Sendable {
        var opcode: WebSocketOpcode
        var isCompressed: Bool
        /// Frames so far, the one that is arriving included.
        var fragments = 1
        var payload = ByteBuffer()
        var text = UTF8Validator()
    }

    /// The beginning of a header, at most 13 bytes.
    var headerBytes = ByteBuffer()
    /// The frame whose payload is arriving, and how much of it is here.
    private(set) var frame: FrameHeader?
    private var received = 0
    /// The payload of an unfinished control frame, which may stand between the frames of a message (RFC 6455 §5.4).
    private var control = ByteBuffer()
    private(set) var message: Message?

    /// Begins a frame whose header is known to be allowed here.
    mutating func begin(_ header: FrameHeader) {
        self.frame = header
        self.received = 0
        if header.opcode.isControl {
            self.control = ByteBuffer()
        } else if self.message == nil {
            self.message = Message(opcode: header.opcode, isCompressed: header.isCompressed)
        } else {
            self.message?.fragments += 1
        }
    }

    /// Takes what `input` has of the frame's payload. `true` when the frame is whole.
    mutating func absorb(_ input: inout ByteBuffer) throws(ProtocolViolation) -> Bool {
        guard let frame = self.frame else { return true }
        let count = min(frame.length - self.received, input.readableBytes)
        if count > 0 {
            let key = Masking.rotated(frame.key, by: self.received)
            if frame.opcode.isControl {
                self.control.appendUnmasked(count, of: &input, key: key)
            } else {
                try self.message?.append(count, of: &input, key: key)
            }
            self.received += count
        }
        return self.received == frame.length
    }

    /// What a whole frame completes: its own control event, or the message if it was the last.
    enum Completed {
        case control(WebSocketOpcode, ByteBuffer)
        case message(Message)
        case fragment
    }

    mutating func finishFrame() -> Completed {
        guard let frame = self.frame else { return .fragment }
        self.frame = nil
        if frame.opcode.isControl {
            defer { self.control = ByteBuffer() }
            return .control(frame.opcode, self.control)
        }
        guard frame.isFinal, let message = self.message else { return .fragment }
        self.message = nil
        return .message(message)
    }
}

extension MessageAssembly.Message {
    fileprivate mutating func append(
        _ count: Int, of input: inout ByteBuffer, key: UInt32
    ) throws(ProtocolViolation) {
        let start = self.payload.readableBytes
        self.payload.appendUnmasked(count, of: &input, key: key)
        guard self.opcode == .text, !self.isCompressed else { return }
        let isText = self.payload.withUnsafeReadableBytes { bytes in
            self.text.accepts(UnsafeRawBufferPointer(rebasing: bytes.dropFirst(start)))
        }
        guard isText else { throw .invalidUTF8 }
    }
}

extension ByteBuffer {
    /// Moves `count` bytes, which must be there, from `input` to the end of `self` and takes the mask off.
    mutating func appendUnmasked(_ count: Int, of input: inout ByteBuffer, key: UInt32) {
        self.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { target in
            input.withUnsafeReadableBytes { source in
                Masking.apply(key, from: UnsafeRawBufferPointer(rebasing: source.prefix(count)), to: target)
            }
            return count
        }
        input.moveReaderIndex(forwardBy: count)
    }
}
