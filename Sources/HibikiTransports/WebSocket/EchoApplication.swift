// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWebSocketCodec
import NIOCore

/// Sends every message back. For conformance suites and benchmarks.
final class EchoApplication: WebSocketApplication {
    /// Holds the driver that holds this, until the connection is closed.
    private var socket: WebSocketDriver?

    var isReady: Bool { true }

    func opened(_ socket: WebSocketDriver) {
        self.socket = socket
    }

    func received(text: consuming ByteBuffer) {
        self.socket?.send(.text, payload: text)
    }

    func received(binary: ByteBuffer) {
        self.socket?.send(.binary, payload: binary)
    }

    func becameWritable() {}

    func closed(_ code: WebSocketCloseCode) {
        self.socket = nil
    }
}
