// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
public import NIOCore

/// Writes packets in the JSON encoding.
public struct SocketPacketWriter: Hashable, Sendable {
    /// Whether a text begins with `4`, which is the type of a message in Engine.IO. By default it does not.
    public var writesEngineType: Bool

    public init(writesEngineType: Bool = false) {
        self.writesEngineType = writesEngineType
    }

    /// An event.
    ///
    /// - Parameters:
    ///   - id: asks for an ack.
    ///   - offset: becomes the last argument, for a client that may recover.
    ///   - arguments: writes what comes after the name.
    public func event<Failure: Error>(
        _ name: EventName,
        namespace: String = "/",
        id: UInt64? = nil,
        offset: String? = nil,
        arguments: (inout JSONArgumentWriter) throws(Failure) -> Void
    ) throws(Failure) -> EncodedPacket {
        try self.packet(.event, .binaryEvent, namespace, id) { writer throws(Failure) in
            writer.begin(name: name)
            try arguments(&writer)
            writer.end(offset: offset)
        }
    }

    /// The answer to the event that had the same id.
    public func ack<Failure: Error>(
        id: UInt64,
        namespace: String = "/",
        arguments: (inout JSONArgumentWriter) throws(Failure) -> Void
    ) throws(Failure) -> EncodedPacket {
        try self.packet(.ack, .binaryAck, namespace, id) { writer throws(Failure) in
            writer.begin()
            try arguments(&writer)
            writer.end()
        }
    }

    /// What a server says when a socket has joined a namespace.
    ///
    /// - Parameter privateID: given to a client that may recover; nobody else may know it.
    public func connect(namespace: String = "/", sessionID: String, privateID: String? = nil) -> EncodedPacket {
        self.text(.connect, namespace) { output in
            output.writeStaticString(#"{"sid":"#)
            output.writeJSONString(sessionID)
            if let privateID {
                output.writeStaticString(#","pid":"#)
                output.writeJSONString(privateID)
            }
            output.writeStaticString("}")
        }
    }

    public func disconnect(namespace: String = "/") -> EncodedPacket {
        self.text(.disconnect, namespace) { _ in }
    }

    /// What a server says when a socket may not join a namespace.
    ///
    /// - Parameter data: more about the reason, as JSON text, which is not checked.
    public func connectError(namespace: String = "/", message: String, data: ByteBuffer? = nil) -> EncodedPacket {
        self.text(.connectError, namespace) { output in
            output.writeStaticString(#"{"message":"#)
            output.writeJSONString(message)
            if let data {
                output.writeStaticString(#","data":"#)
                output.writeImmutableBuffer(data)
            }
            output.writeStaticString("}")
        }
    }
}

extension SocketPacketWriter {
    private func text(
        _ type: SocketPacketType, _ namespace: String, payload: (inout ByteBuffer) -> Void
    ) -> EncodedPacket {
        var output = Self.buffer()
        output.writePacketHeader(type, namespace: namespace, id: nil, withEngineType: self.writesEngineType)
        payload(&output)
        return EncodedPacket(.text(output))
    }

    /// Whether there are attachments is known only after the arguments were written. So the first bytes are left
    /// free, and the type is written into them in the end.
    private func packet<Failure: Error>(
        _ plainType: SocketPacketType,
        _ binaryType: SocketPacketType,
        _ namespace: String,
        _ id: UInt64?,
        payload: (inout JSONArgumentWriter) throws(Failure) -> Void
    ) throws(Failure) -> EncodedPacket {
        var output = Self.buffer()
        output.writeRepeatingByte(0, count: Self.longestPrefix)
        output.writeAddress(namespace: namespace, id: id)
        var writer = JSONArgumentWriter(output: output)
        output = ByteBuffer()
        try payload(&writer)
        let type = writer.attachments.isEmpty ? plainType : binaryType
        self.writePrefix(type, writer.attachments.count, &writer.output)
        return EncodedPacket(.text(writer.output), attachments: writer.attachments)
    }

    /// Room for a usual packet, so that it need not grow step by step.
    private static func buffer() -> ByteBuffer {
        ByteBufferAllocator().buffer(capacity: 256)
    }

    /// The type in Engine.IO, the type, a count of 19 digits and a hyphen.
    private static let longestPrefix = 22

    /// Fills the free bytes from the right and gives up those that are left.
    private func writePrefix(_ type: SocketPacketType, _ attachmentCount: Int, _ output: inout ByteBuffer) {
        var index = output.readerIndex + Self.longestPrefix
        func prepend(_ byte: UInt8) {
            index -= 1
            output.setInteger(byte, at: index)
        }
        if type.hasAttachments {
            prepend(UInt8(ascii: "-"))
            var rest = attachmentCount
            repeat {
                prepend(UInt8(ascii: "0") + UInt8(rest % 10))
                rest /= 10
            } while rest > 0
        }
        prepend(type.rawValue)
        if self.writesEngineType { prepend(UInt8(ascii: "4")) }
        output.moveReaderIndex(to: index)
    }
}
