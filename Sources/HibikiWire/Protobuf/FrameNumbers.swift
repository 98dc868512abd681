// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The numbers of the fields of `Event` and `WebSocketFrame` in Proto/hibiki.proto.
enum FrameField {
    static let event = 1
    static let chatMessage = 2
    static let topic = 3
    static let position = 4
    static let payload = 5
    static let from = 6
    static let timestamp = 7
    static let type = 8
    static let number = 9
    static let key = 10
    static let since = 11
    static let limit = 12
    static let targetID = 13
    static let token = 14
    static let gap = 15
    static let duplicate = 16
    static let delivered = 17
    static let events = 18
    static let principal = 19
    static let expiresAt = 20
    static let count = 21
    static let clients = 22
    static let code = 23
    static let message = 24
    static let retry = 25
    static let retryAfter = 26
    static let clientID = 27
    static let reconnectDelay = 28
    static let timeLeft = 29
    static let command = 30
    static let result = 31
}

/// The values of `WebSocketFrame.FrameType`. An event has none: 0 is not written.
enum FrameType: Int64 {
    case connect = 1
    case subscribe = 2
    case unsubscribe = 3
    case publish = 4
    case history = 5
    case ping = 6
    case chat = 7
    case broadcast = 10
    case direct = 11
    case presence = 12
    case welcome = 20
    case reply = 21
    case error = 22
    case gap = 23
    case pong = 24
    case unsubscribed = 25
    case tokenExpiring = 26
    case shutdown = 27
}

/// The numbers of the fields of `ChatMessage`.
enum ChatField {
    static let id = 1
    static let roomID = 2
    static let userID = 3
    static let content = 4
    static let timestamp = 5
    static let type = 6
    static let sequence = 7
    static let userName = 8
    static let status = 9
    static let clientID = 10
    static let editedAt = 11
    static let edits = 12
    static let deletedAt = 13
    static let deletedBy = 14
    static let replyTo = 15
    static let threadID = 16
    static let replies = 17
    static let mentions = 18
    static let reactions = 19
    static let pinned = 20
    static let attachments = 21
    static let revision = 22
    static let pinnedBy = 23
    static let more = 24

    enum Quote {
        static let id = 1
        static let userID = 2
        static let content = 3
        static let deleted = 4
    }

    enum Reaction {
        static let emoji = 1
        static let count = 2
        static let users = 3
    }

    enum Attachment {
        static let id = 1
        static let name = 2
        static let type = 3
        static let size = 4
        static let width = 5
        static let height = 6
    }
}
