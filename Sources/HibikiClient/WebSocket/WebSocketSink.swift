// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWebSocketCodec
import NIOCore

/// What listens on one WebSocket, on its event loop. All calls come from there.
package protocol WebSocketSink: AnyObject {
    func opened(_ link: WebSocketHandler)
    func received(_ message: WebSocketMessage, on link: WebSocketHandler)
    /// Whether more may be read. After a no, ``WebSocketHandler/resume()`` is due.
    var wantsMore: Bool { get }
    /// The last call.
    func closed(_ closure: WebSocketClosure)
}
