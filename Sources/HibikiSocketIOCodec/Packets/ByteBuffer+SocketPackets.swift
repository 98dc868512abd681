// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
public import NIOCore

extension ByteBuffer {
    /// Appends an event without attachments, and allocates nothing while the buffer has room.
    ///
    /// - Parameter withEngineType: whether to write `4` first, which is the type of a message in Engine.IO.
    /// - Returns: `false` if the arguments have attachments after all, so that the packet needs a
    ///   `SocketPacketWriter`. Nothing is appended then, nor if the closure throws.
    public mutating func writeSocketEvent<Failure: Error>(
        _ name: EventName,
        namespace: String = "/",
        id: UInt64? = nil,
        offset: String? = nil,
        withEngineType: Bool = true,
        arguments: (inout JSONArgumentWriter) throws(Failure) -> Void
    ) throws(Failure) -> Bool {
        let end = self.writerIndex
        let array = self.writeHead(name, namespace: namespace, id: id, withEngineType: withEngineType)
        // The writer must be the only owner of the bytes, or its first write would copy all of them.
        var writer = JSONArgumentWriter(continuing: self, from: array)
        self = ByteBuffer()
        var isComplete = false
        defer {
            self = writer.output
            if !isComplete { self.moveWriterIndex(to: end) }
        }
        try arguments(&writer)
        writer.end(offset: offset)
        isComplete = writer.attachments.isEmpty
        return isComplete
    }

    /// Writes an event up to its name.
    ///
    /// - Returns: where the array begins, counted in readable bytes.
    private mutating func writeHead(
        _ name: EventName, namespace: String, id: UInt64?, withEngineType: Bool
    ) -> Int {
        guard id == nil, case .string(var text) = name, !text.needsJSONEscape else {
            return self.writeUnusualHead(name, namespace: namespace, id: id, withEngineType: withEngineType)
        }
        let before = self.readableBytes
        let address = namespace == "/" ? 0 : namespace.utf8.count + 1
        text.withUTF8 { text in
            self.writeJoined(address + text.count + 5) { output in
                if withEngineType { output.append(UInt8(ascii: "4")) }
                output.append(SocketPacketType.event.rawValue)
                if address > 0 {
                    output.append(namespace)
                    output.append(UInt8(ascii: ","))
                }
                output.append(UInt8(ascii: "["))
                output.append(UInt8(ascii: "\""))
                output.append(UnsafeRawBufferPointer(text))
                output.append(UInt8(ascii: "\""))
            }
        }
        return before + (withEngineType ? 2 : 1) + address
    }

    private mutating func writeUnusualHead(
        _ name: EventName, namespace: String, id: UInt64?, withEngineType: Bool
    ) -> Int {
        self.writePacketHeader(.event, namespace: namespace, id: id, withEngineType: withEngineType)
        let array = self.readableBytes
        self.writeInteger(UInt8(ascii: "["))
        switch name {
        case .string(let name): self.writeJSONString(name)
        case .number(let digits): self.writeString(digits)
        }
        return array
    }

    mutating func writePacketHeader(
        _ type: SocketPacketType, namespace: String, id: UInt64?, withEngineType: Bool
    ) {
        if withEngineType { self.writeInteger(UInt8(ascii: "4")) }
        self.writeInteger(type.rawValue)
        self.writeAddress(namespace: namespace, id: id)
    }

    mutating func writeAddress(namespace: String, id: UInt64?) {
        if namespace != "/" {
            self.writeString(namespace)
            self.writeInteger(UInt8(ascii: ","))
        }
        if let id { self.writeJSONInteger(id) }
    }
}
