// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore

/// The first 2 to 14 bytes of a frame (RFC 6455 §5.2), already checked.
struct FrameHeader: Sendable, Equatable {
    var opcode: WebSocketOpcode
    var isFinal: Bool
    /// RSV1, which on the first frame of a message says that the message is compressed (RFC 7692 §6).
    var isCompressed: Bool
    /// Bytes of payload.
    var length: Int
    /// As ``Masking`` holds it; 0 where there is no mask.
    var key: UInt32
    /// Bytes of the header itself.
    var size: Int
}

/// The rules that a header must keep at one point of a stream.
struct FrameRules {
    var role: WebSocketRole
    var allowsCompression: Bool
    var limits: WebSocketLimits
    /// The message that is being assembled.
    var message: MessageAssembly.Message?

    /// Reads the header at the reader index. Each byte is checked as soon as it is there, so `nil` (the header is not
    /// whole yet) says that all bytes so far may stand where they stand.
    func header(in buffer: ByteBuffer) throws(ProtocolViolation) -> FrameHeader? {
        let start = buffer.readerIndex
        guard let first = buffer.getInteger(at: start, as: UInt8.self) else { return nil }
        let opcode = WebSocketOpcode(rawValue: first & 0x0F)
        let isFinal = first & 0x80 != 0
        let isCompressed = first & 0x40 != 0
        guard first & 0x30 == 0 else { throw .reservedBits }
        guard opcode.isDefined else { throw .reservedOpcode }
        if opcode.isControl {
            guard isFinal else { throw .fragmentedControlFrame }
            guard !isCompressed else { throw .compressedControlFrame }
        } else {
            try self.check(opcode, isCompressed: isCompressed)
        }
        guard let second = buffer.getInteger(at: start + 1, as: UInt8.self) else { return nil }
        let isMasked = second & 0x80 != 0
        switch self.role {
        case .server: guard isMasked else { throw .missingMask }
        case .client: guard !isMasked else { throw .unexpectedMask }
        }
        guard let (length, end) = try self.length(second & 0x7F, of: opcode, isCompressed, in: buffer) else {
            return nil
        }
        guard isMasked else {
            return FrameHeader(
                opcode: opcode, isFinal: isFinal, isCompressed: isCompressed, length: length, key: 0, size: end - start
            )
        }
        guard let mask = buffer.getInteger(at: end, as: UInt32.self) else { return nil }
        return FrameHeader(
            opcode: opcode, isFinal: isFinal, isCompressed: isCompressed, length: length, key: mask.bigEndian,
            size: end + 4 - start
        )
    }

    /// Whether a data frame may come now (RFC 6455 §5.4, RFC 7692 §6.1).
    private func check(_ opcode: WebSocketOpcode, isCompressed: Bool) throws(ProtocolViolation) {
        if isCompressed {
            guard self.allowsCompression else { throw .unexpectedCompression }
            guard opcode != .continuation else { throw .compressedContinuation }
        }
        guard let message else {
            guard opcode != .continuation else { throw .continuationWithoutMessage }
            return
        }
        guard opcode == .continuation else { throw .messageInsideMessage }
        guard message.fragments < self.limits.fragments else { throw .tooManyFragments }
    }

    /// The length of the payload and the index behind it, refused if the message cannot be taken.
    private func length(
        _ short: UInt8, of opcode: WebSocketOpcode, _ isCompressed: Bool, in buffer: ByteBuffer
    ) throws(ProtocolViolation) -> (length: Int, end: Int)? {
        guard !opcode.isControl || short <= 125 else { throw .controlFrameTooLong }
        let start = buffer.readerIndex + 2
        let announced: UInt64
        let end: Int
        switch short {
        case 126:
            guard let number = buffer.getInteger(at: start, as: UInt16.self) else { return nil }
            (announced, end) = (UInt64(number), start + 2)
        case 127:
            guard let number = buffer.getInteger(at: start, as: UInt64.self) else { return nil }
            (announced, end) = (number, start + 8)
        default:
            (announced, end) = (UInt64(short), start)
        }
        guard !opcode.isControl else { return (Int(short), end) }
        let isDeflated = self.message?.isCompressed ?? isCompressed
        let limit = isDeflated ? self.limits.compressedBytes : self.limits.messageBytes
        let room = min(limit, Int(Int32.max)) - (self.message?.payload.readableBytes ?? 0)
        guard let length = Int(exactly: announced), length <= room else { throw .messageTooBig }
        return (length, end)
    }
}
