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
}

/// The values of `WebSocketFrame.FrameType`. An event has none: 0 is not written.
enum FrameType: Int64 {
    case connect = 1
    case subscribe = 2
    case unsubscribe = 3
    case publish = 4
    case history = 5
    case ping = 6
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
