// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWebSocketCodec
import NIOCore

/// Bytes from hexadecimal digits; white space separates nothing.
func hex(_ digits: String) -> ByteBuffer {
    let nibbles = digits.compactMap(\.hexDigitValue)
    var buffer = ByteBuffer()
    for index in stride(from: 0, to: nibbles.count - 1, by: 2) {
        buffer.writeInteger(UInt8(nibbles[index] << 4 | nibbles[index + 1]))
    }
    return buffer
}

/// One frame as a client sends it.
func masked(
    _ opcode: WebSocketOpcode, _ payload: ByteBuffer = ByteBuffer(), fin: Bool = true, compressed: Bool = false
) -> ByteBuffer {
    var buffer = ByteBuffer()
    buffer.writeWebSocketFrame(opcode, fin: fin, compressed: compressed, payload: payload, mask: 0x37FA_213D)
    return buffer
}

func masked(_ opcode: WebSocketOpcode, _ text: String, fin: Bool = true) -> ByteBuffer {
    masked(opcode, ByteBuffer(string: text), fin: fin)
}

func joined(_ parts: ByteBuffer...) -> ByteBuffer {
    parts.reduce(into: ByteBuffer()) { $0.writeImmutableBuffer($1) }
}

/// All that a reader makes of some bytes.
struct Reading: Equatable {
    var events: [WebSocketEvent] = []
    var violation: ProtocolViolation?
}

extension WebSocketReader {
    /// Reads `pieces` one after the other, each from a buffer of its own.
    mutating func readAll(
        _ pieces: [ByteBuffer], deflate: DeflateContexts? = nil, inflater: InflateStream? = nil
    ) -> Reading {
        var reading = Reading()
        for piece in pieces {
            var input = ByteBuffer(bytes: piece.readableBytesView)
            do throws(ProtocolViolation) {
                while let event = try self.next(&input, deflate: deflate, inflater: inflater) {
                    reading.events.append(event)
                }
            } catch {
                reading.violation = error
            }
        }
        return reading
    }
}

/// What a server reads in `pieces`.
func serverReads(
    _ pieces: ByteBuffer..., limits: WebSocketLimits = WebSocketLimits(),
    compression: PermessageDeflate.Agreement? = nil, deflate: DeflateContexts? = nil
) -> Reading {
    var reader = WebSocketReader(role: .server, limits: limits, compression: compression)
    return reader.readAll(pieces, deflate: deflate)
}

extension ByteBuffer {
    /// The bytes cut into pieces that end at `ends`.
    func pieces(endingAt ends: [Int]) -> [ByteBuffer] {
        var rest = self
        var pieces: [ByteBuffer] = []
        var start = 0
        for end in ends + [self.readableBytes] where end >= start {
            pieces.append(rest.readSlice(length: end - start) ?? ByteBuffer())
            start = end
        }
        return pieces
    }

    var singleBytes: [ByteBuffer] {
        self.pieces(endingAt: Array(1..<max(self.readableBytes, 1)))
    }
}
