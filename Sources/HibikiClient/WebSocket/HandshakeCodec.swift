// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore
import NIOHTTP1

/// The HTTP that a WebSocket begins with.
enum HandshakeCodec {
    static func makeEncoder() -> HTTPRequestEncoder {
        HTTPRequestEncoder()
    }

    /// Hands on, when it goes, the frames that came right behind the 101.
    static func makeDecoder() -> ByteToMessageHandler<HTTPResponseDecoder> {
        ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: .forwardBytes))
    }
}
