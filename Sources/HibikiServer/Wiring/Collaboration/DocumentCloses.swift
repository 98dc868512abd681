// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiCollaboration
import HibikiTransports
import HibikiWebSocketCodec
import HibikiWire

extension CloseReason {
    /// 1013: the store does not answer; come back. 4510 to 4515: do not, before something has changed.
    init(_ end: DocumentEnd) {
        switch end {
        case .unavailable: self.init(code: WebSocketCloseCode(rawValue: 1013), reason: end.wireError.message)
        case .deleted: self.init(code: WebSocketCloseCode(rawValue: 4511), reason: end.wireError.message)
        case .full: self.init(code: WebSocketCloseCode(rawValue: 4512), reason: end.wireError.message)
        case .malformed(let words): self.init(code: WebSocketCloseCode(rawValue: 4513), reason: words)
        case .otherKind: self.init(code: WebSocketCloseCode(rawValue: 4514), reason: end.wireError.message)
        case .replaced: self.init(code: WebSocketCloseCode(rawValue: 4515), reason: end.wireError.message)
        }
    }

    init(document error: WireError) {
        let code: UInt16 =
            switch error.code {
            case .permissionDenied, .authenticationRequired: 4510
            case .conflict: 4514
            default: 1013
            }
        self.init(code: WebSocketCloseCode(rawValue: code), reason: error.message)
    }
}
