// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiCollaboration
import HibikiMessaging
import HibikiWebSocketCodec
import HibikiWire

/// A protocol in which documents are edited.
protocol DocumentDialect: Sendable {
    /// As what its messages are sent: as text or as binary.
    var opcode: WebSocketOpcode { get }
    /// What everybody hears, as WebSocket messages.
    var format: WireFormat { get }

    func open(
        _ name: DocumentName, of service: DocumentService, for peer: any DocumentPeer, _ access: DocumentAccess
    ) throws(WireError) -> DocumentSeat

    /// The message which says that somebody may not read the document, where the protocol has one.
    func denial(_ words: String) -> [UInt8]?
}
