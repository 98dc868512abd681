// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import NIOCore
import Testing

extension SocketPacketReader {
    static let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    /// Reads a text whose buffer does not begin at index 0, as those from the network seldom do.
    mutating func read(_ text: String, at now: NIODeadline = start) throws(SocketViolation) -> SocketPacket? {
        var buffer = ByteBuffer(string: "junk" + text)
        buffer.moveReaderIndex(forwardBy: 4)
        return try self.read(text: buffer, at: now)
    }

    mutating func read(_ bytes: [UInt8], at now: NIODeadline = start) throws(SocketViolation) -> SocketPacket? {
        try self.read(binary: ByteBuffer(bytes: bytes), at: now)
    }

    /// Reads one packet that needs no attachments by a reader of its own.
    static func packet(_ text: String) throws(SocketViolation) -> SocketPacket? {
        var reader = SocketPacketReader()
        return try reader.read(text)
    }

    /// What is wrong with a text; `nil` if it is read.
    static func violation(_ text: String, limits: SocketPacketLimits = SocketPacketLimits()) -> SocketViolation.Kind? {
        var reader = SocketPacketReader(limits: limits)
        return packetViolation { try reader.read(text) }
    }
}

/// The violation that an operation ends with, or `nil`.
func packetViolation<Result>(_ operation: () throws -> Result) -> SocketViolation.Kind? {
    do {
        _ = try operation()
        return nil
    } catch {
        return (error as? SocketViolation)?.kind
    }
}

extension RawArgument {
    static func text(_ json: String, _ attachments: [[UInt8]] = []) -> RawArgument {
        RawArgument(.json, bytes: ByteBuffer(string: json), attachments: attachments.map { ByteBuffer(bytes: $0) })
    }
}

extension SocketPacket {
    static func event(
        _ name: String, _ arguments: [RawArgument] = [], namespace: String = "/", id: UInt64? = nil
    ) -> SocketPacket {
        SocketPacket(namespace: namespace, id: id, .event(.string(name), arguments))
    }
}

extension EncodedPacket {
    /// The text and, after it, the attachments in hexadecimal digits.
    var parts: [String] {
        let head =
            switch self.first {
            case .text(let text): String(buffer: text)
            case .binary: "binary"
            }
        let tail = self.attachments.map { attachment in
            attachment.readableBytesView.map { String($0, radix: 16) }.joined(separator: " ")
        }
        return [head] + tail
    }
}

extension JSONArgumentWriter {
    /// Passes an argument on that is JSON.
    mutating func relay(_ argument: RawArgument) {
        let isWritten = self.append(raw: argument)
        #expect(isWritten)
    }
}
