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
        self.writePacketHeader(.event, namespace: namespace, id: id, withEngineType: withEngineType)
        // The writer must be the only owner of the bytes, or its first write would copy all of them.
        var writer = JSONArgumentWriter(output: self)
        self = ByteBuffer()
        var isComplete = false
        defer {
            self = writer.output
            if !isComplete { self.moveWriterIndex(to: end) }
        }
        writer.begin(name: name)
        try arguments(&writer)
        writer.end(offset: offset)
        isComplete = writer.attachments.isEmpty
        return isComplete
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
