// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat
import HibikiMessaging
import HibikiSocketIO
import HibikiSocketIOCodec
import HibikiWire
import NIOCore

/// Takes out of the log of the hub what was told there and is to be told no more. The events keep their positions.
struct ChatRedactor: Sendable {
    let log: any EventLog
    /// The logs of namespaces that let sockets recover. What they hold is packets: one that says something of it is emptied, so
    /// that a socket that comes back misses an event, sees so by the revision, and asks for it.
    let packets: [Topic]

    init(log: any EventLog, namespaces: [String]) {
        self.log = log
        self.packets = namespaces.compactMap {
            try? Topic(reserved: SocketIOServer.topicPrefix + String($0.dropFirst()))
        }
    }

    func redact(_ redaction: ChatRedaction) {
        switch redaction {
        case .message(let message, let mentions): self.redact(message, mentions)
        case .person(let user, let pseudonym): self.redact(user, pseudonym)
        }
    }

    private func redact(_ message: Message, _ mentions: [Mention]) {
        let words = RedactedMessage(message)
        for scope in Self.scopes(of: message, mentions) { self.log.rewrite(scope, words.payload) }
        self.empty(words.needle)
    }

    /// The room's topic, and those of the people to whom the message was told as a mention.
    private static func scopes(of message: Message, _ mentions: [Mention]) -> [LogScope] {
        var scopes: [LogScope] = ChatTopics.topic(of: message.room).map { [.topic($0)] } ?? []
        guard !mentions.contains(.everybody) else { return scopes + [.prefix(ChatTopics.users)] }
        for case .person(let user) in mentions {
            ChatTopics.topic(of: user.rawValue).map { scopes.append(.topic($0)) }
        }
        return scopes
    }

    private func redact(_ user: UserID, _ pseudonym: UserID) {
        let words = RedactedPerson(user, pseudonym)
        self.log.rewrite(.prefix(ChatTopics.rooms), words.payload)
        self.log.rewrite(.prefix(ChatTopics.users), words.payload)
        if let own = ChatTopics.topic(of: user.rawValue) {
            self.log.rewrite(.topic(own)) { _ in ByteBuffer(string: "{}") }
        }
        self.empty(words.needle)
    }

    private func empty(_ needle: ByteBuffer) {
        for topic in self.packets {
            self.log.rewrite(.topic(topic)) { $0.payload.contains(needle) ? ByteBuffer() : nil }
        }
    }
}

/// A deleted message, wherever it stands in a payload.
struct RedactedMessage {
    private let id: String
    private let json: ByteBuffer
    private let isHard: Bool
    /// What the payloads have in them that say something of it.
    let needle: ByteBuffer

    init(_ message: Message) {
        self.id = message.id.description
        self.json = message.json
        self.isHard = message.deletion == .hard
        self.needle = JSON.string(self.id).text
    }

    /// `nil` for what may stay.
    @Sendable func payload(_ publication: Publication) -> ByteBuffer? {
        guard publication.payload.contains(self.needle), var object = publication.payload.jsonObject else { return nil }
        if object["id"]?.string == self.id { return self.json }
        if case .object(var quote)? = object["replyTo"], quote["id"]?.string == self.id {
            quote["content"] = ""
            quote["deleted"] = true
            object["replyTo"] = .object(quote)
            return JSON.object(object).text
        }
        guard self.isHard, object["emoji"] != nil else { return nil }
        // That there was a reaction: the revisions have no gap.
        object["emoji"] = ""
        object["action"] = "remove"
        object["count"] = 0
        return JSON.object(object).text
    }
}

/// A person who was taken out, wherever that one's id stands in a payload.
struct RedactedPerson {
    /// Where the id of a person stands alone, and what stands beside it that says something of the person.
    private static let names = [
        ("userId", "userName"), ("by", nil), ("deletedBy", nil), ("pinnedBy", nil), ("replacedBy", nil),
        ("createdBy", nil),
        ("reporter", "reason"), ("settledBy", "note"),
    ]
    /// What is left of a message is that it was there.
    private static let parts = [
        "clientId", "editedAt", "edits", "replyTo", "mentions", "reactions", "pinned", "pinnedBy", "attachments",
    ]

    private let user: String
    private let pseudonym: String
    let needle: ByteBuffer

    init(_ user: UserID, _ pseudonym: UserID) {
        self.user = user.rawValue
        self.pseudonym = pseudonym.rawValue
        self.needle = JSON.string(self.user).text
    }

    /// `nil` for what may stay.
    @Sendable func payload(_ publication: Publication) -> ByteBuffer? {
        guard publication.payload.contains(self.needle), let object = publication.payload.jsonObject else { return nil }
        return JSON.object(self.redacted(object, at: publication.timestamp)).text
    }

    private func redacted(_ object: JSONObject, at time: Timestamp) -> JSONObject {
        var object = object
        let wasAuthor = self.isPerson(object["userId"])
        if wasAuthor, object["content"] != nil { self.empty(&object, at: time) }
        for (name, words) in Self.names where self.isPerson(object[name]) {
            object[name] = .string(self.pseudonym)
            if let words { object[words] = nil }
        }
        if wasAuthor, object["emoji"] != nil { object["emoji"] = "" }
        for (name, value) in Array(object) {
            switch value {
            case .object(let inner): object[name] = .object(self.redacted(inner, at: time))
            case .array(let list): object[name] = .array(list.map { self.redacted($0, at: time) })
            default: break
            }
        }
        return object
    }

    private func redacted(_ element: JSON, at time: Timestamp) -> JSON {
        switch element {
        case .object(let inner): .object(self.redacted(inner, at: time))
        case .string where self.isPerson(element): .string(self.pseudonym)
        default: element
        }
    }

    /// A message, or the quote of one.
    private func empty(_ object: inout JSONObject, at time: Timestamp) {
        object["content"] = ""
        guard object["sequence"] != nil else {
            object["deleted"] = true
            return
        }
        for part in Self.parts { object[part] = nil }
        object["deletedAt"] = .integer(time.milliseconds)
        object["deletedBy"] = .string(self.pseudonym)
    }

    private func isPerson(_ value: JSON?) -> Bool {
        value?.string.map { $0.utf8.elementsEqual(self.user.utf8) } ?? false
    }
}

extension ByteBuffer {
    fileprivate func contains(_ needle: ByteBuffer) -> Bool {
        self.readableBytesView.firstRange(of: needle.readableBytesView) != nil
    }

    fileprivate var jsonObject: JSONObject? {
        guard case .object(let object)? = try? JSON(RawArgument(.json, bytes: self)) else { return nil }
        return object
    }
}
