// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import NIOCore

@testable import HibikiSocketIO

/// An application that says nothing.
final class Silence: EngineApplication {
    var isReady: Bool { true }
    func received(text: ByteBuffer) {}
    func received(binary: ByteBuffer) {}
    func moved(toLoop number: Int) {}
    func closed(_ reason: EngineCloseReason, description: String?) {}
}
