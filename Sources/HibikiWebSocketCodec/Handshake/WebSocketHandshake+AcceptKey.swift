// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Crypto

extension WebSocketHandshake {
    private static let identifier: StaticString = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

    /// The value of `Sec-WebSocket-Accept` for a key (RFC 6455 §4.2.2, step 5.4).
    public static func acceptKey(for key: String) -> String {
        var hash = Insecure.SHA1()
        var key = key
        key.withUTF8 { hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }
        Self.identifier.withUTF8Buffer { hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }
        return hash.finalize().withUnsafeBytes(Base64.encode)
    }
}
