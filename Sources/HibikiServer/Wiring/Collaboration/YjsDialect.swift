// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiCollaboration
import HibikiMessaging
import HibikiWebSocketCodec
import HibikiWire
import HibikiYjs

/// The protocol of y-websocket.
struct YjsDialect: DocumentDialect {
    let opcode = WebSocketOpcode.binary
    let format = DocumentFrames.binary

    func open(
        _ name: DocumentName, of service: DocumentService, for peer: any DocumentPeer, _ access: DocumentAccess
    ) throws(WireError) -> DocumentSeat {
        try service.open(name, for: peer, access)
    }

    func denial(_ words: String) -> [UInt8]? { YMessage.permissionDenied(reason: words).frame }
}
