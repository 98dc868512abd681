// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire

/// The chat's refusals. Somebody who may not see a room learns as much as if it were not there.
extension WireError {
    static let noSuchRoom = WireError(.notFound, "no such room")
    static let noSuchMessage = WireError(.notFound, "no such message")
    static let noSuchMember = WireError(.notFound, "no such member")
    static let notAMember = WireError(.notAMember, "join the room first")
    static let banned = WireError(.banned, "banned from this room")
    static let muted = WireError(.muted, "muted in this room")

    static func denied(_ words: String) -> WireError { WireError(.permissionDenied, words) }
    static func conflict(_ words: String) -> WireError { WireError(.conflict, words) }
    static func invalid(_ words: String) -> WireError { WireError(.invalidMessage, words) }
    static func tooLarge(_ words: String) -> WireError { WireError(.tooLarge, words) }
    static func tooMany(_ words: String) -> WireError { WireError(.limitExceeded, words) }
}
