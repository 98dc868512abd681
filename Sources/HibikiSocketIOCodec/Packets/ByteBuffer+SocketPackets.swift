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
        self.writeJoined(JoinedBytes.lengthOfAddress(namespace, id)) { $0.append(address: namespace, id) }
    }
}

extension JoinedBytes {
    /// The bytes of what stands between a packet's type and its payload.
    static func lengthOfAddress(_ namespace: String, _ id: UInt64?) -> Int {
        (namespace.isNamed ? namespace.utf8.count + 1 : 0) + (id?.jsonLength ?? 0)
    }

    mutating func append(address namespace: String, _ id: UInt64?) {
        if namespace.isNamed {
            self.append(namespace)
            self.append(UInt8(ascii: ","))
        }
        if let id { self.append(json: id) }
    }
}

extension String {
    /// Whether packets name the namespace. Each begins with a slash, and the first, which is nothing else, is not named.
    fileprivate var isNamed: Bool { self.utf8.count > 1 }
}
