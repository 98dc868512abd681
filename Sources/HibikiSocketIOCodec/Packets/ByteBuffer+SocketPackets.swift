// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
import NIOCore

extension ByteBuffer {
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
