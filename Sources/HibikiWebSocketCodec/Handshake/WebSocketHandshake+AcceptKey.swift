// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Crypto

extension WebSocketHandshake {
    /// The value of `Sec-WebSocket-Accept` for a key (RFC 6455 §4.2.2, step 5.4).
    public static func acceptKey(for key: String) -> String {
        var hash = Insecure.SHA1()
        var text = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        text.withUTF8 { hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }
        return Base64.encode(Array(hash.finalize()))
    }
}
