// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HTTPTypes
import HibikiChat

/// A path and a method that stand for a command of the chat. The object of the command is the body, with what stands in the path and
/// in the query.
struct ChatRoute: Sendable {
    /// How a part of the query is read.
    enum Kind: Sendable { case text, integer, flag }

    let method: HTTPRequest.Method
    let path: String
    let command: String
    var query: [String: Kind] = [:]
    var status = HTTPResponse.Status.ok
    var hasBody = false

    private init(
        _ method: HTTPRequest.Method, _ path: String, _ command: ChatCommand.Name, query: [String: Kind] = [:],
        status: HTTPResponse.Status = .ok, hasBody: Bool = false
    ) {
        self.method = method
        self.path = path
        self.command = command.rawValue
        self.query = query
        self.status = status
        self.hasBody = hasBody
    }

    private static func get(
        _ path: String, _ command: ChatCommand.Name, _ query: [String: Kind] = [:]
    ) -> ChatRoute {
        ChatRoute(.get, path, command, query: query)
    }

    private static func put(_ path: String, _ command: ChatCommand.Name, hasBody: Bool = false) -> ChatRoute {
        ChatRoute(.put, path, command, hasBody: hasBody)
    }

    private static func post(
        _ path: String, _ command: ChatCommand.Name, status: HTTPResponse.Status = .ok
    ) -> ChatRoute {
        ChatRoute(.post, path, command, status: status, hasBody: true)
    }

    private static func delete(
        _ path: String, _ command: ChatCommand.Name, _ query: [String: Kind] = [:]
    ) -> ChatRoute {
        ChatRoute(.delete, path, command, query: query)
    }

    private static let room = "v1/rooms/{room}"
    private static let member = "v1/rooms/{room}/members/{user}"
    private static let message = "v1/rooms/{room}/messages/{sequence}"
    private static let reaction = "v1/rooms/{room}/messages/{sequence}/reactions/{emoji}"

    static let all: [ChatRoute] = Self.rooms + Self.people + Self.messages + Self.reading

    private static let rooms: [ChatRoute] = [
        .post("v1/rooms", .createRoom, status: .created),
        .get(Self.room, .room),
        ChatRoute(.patch, Self.room, .updateRoom, hasBody: true),
        .post("\(Self.room)/join", .joinRoom),
        .post("\(Self.room)/leave", .leaveRoom),
        .get("\(Self.room)/invites", .invites),
        .post("\(Self.room)/invites", .invite, status: .created),
        .delete("\(Self.room)/invites/{invite}", .revokeInvite),
    ]

    private static let people: [ChatRoute] = [
        .get("\(Self.room)/members", .members, ["after": .text, "limit": .integer]),
        ChatRoute(.patch, Self.member, .setRole, hasBody: true),
        .delete(Self.member, .kick),
        .put("\(Self.room)/bans/{user}", .ban, hasBody: true),
        .delete("\(Self.room)/bans/{user}", .unban),
        .put("\(Self.room)/mutes/{user}", .mute, hasBody: true),
        .delete("\(Self.room)/mutes/{user}", .unmute),
        .put("v1/contacts/{id}", .addContact),
        .delete("v1/contacts/{id}", .removeContact),
        .delete("v1/users/{id}/chat", .erase),
    ]

    private static let messages: [ChatRoute] = [
        .post("\(Self.room)/messages", .send, status: .created),
        .get(Self.message, .message),
        ChatRoute(.patch, Self.message, .edit, hasBody: true),
        .delete(Self.message, .delete, ["hard": .flag]),
        .get("\(Self.message)/edits", .edits),
        .post("\(Self.message)/report", .report),
        ChatRoute(.patch, "\(Self.room)/reports/{number}", .settleReport, hasBody: true),
        .put("\(Self.message)/pin", .pin),
        .delete("\(Self.message)/pin", .unpin),
        .put(Self.reaction, .react),
        .delete(Self.reaction, .unreact),
        .put("\(Self.room)/read", .markRead, hasBody: true),
        .put("\(Self.room)/delivered", .markDelivered, hasBody: true),
    ]

    private static let reading: [ChatRoute] = [
        .get(
            "\(Self.room)/messages", .history,
            ["anchor": .text, "before": .integer, "after": .integer, "threadId": .text]),
        .get("\(Self.room)/events", .events, ["since": .integer, "limit": .integer]),
        .get("\(Self.room)/pins", .pins),
        .get("\(Self.room)/reports", .reports, ["state": .text, "after": .integer, "limit": .integer]),
        .get("v1/contacts", .contacts, ["after": .text, "limit": .integer]),
        .get("v1/search", .search, ["q": .text, "cursor": .text, "limit": .integer]),
    ]
}
