// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore

/// Makes the `ChatMessage` of Proto/hibiki.proto of a message's JSON.
///
/// The log holds JSON, which is read here once for each message that somebody reads in Protocol Buffers, and not for each reader.
/// What has no field goes into `more`, so that nothing is lost. A text that is not what the chat writes, in whatever way, is none:
/// such a payload travels as it is.
struct ChatMessageEncoder {
    private var scanner: JSONScanner
    private(set) var bytes = ByteBuffer()
    /// The members that are known, by the number of their field. None may come twice.
    private var seen: UInt32 = 0
    private var more = ByteBuffer()

    /// Up to `type`: a message without one of these would be read as one that has it empty.
    private static let required: UInt32 = (1 << (ChatField.type + 1)) - 2

    private init(_ scanner: JSONScanner) {
        self.scanner = scanner
    }

    /// `nil` if the text is no message.
    static func message(_ json: ByteBuffer) -> ByteBuffer? {
        json.withJSONScanner { scanner in
            var encoder = ChatMessageEncoder(scanner)
            guard (try? encoder.readMessage()) != nil else { return nil }
            return encoder.bytes
        }
    }

    /// The text is another one than was thought.
    private struct Strange: Error {}

    private mutating func readMessage() throws {
        self.bytes.reserveCapacity(self.scanner.bytes.count)
        try self.scanner.enterObject()
        while let name = try self.scanner.nextMember() {
            let value = try self.scanner.readValue()
            if try !self.writeHead(name, value), try !self.writeBody(name, value) { self.keep(name, value) }
        }
        try self.scanner.finish()
        guard self.seen & Self.required == Self.required else { throw Strange() }
        guard self.more.readableBytes > 0 else { return }
        self.more.writeStaticString("}")
        self.bytes.writeProtobuf { $0.write(ChatField.more, self.more) }
    }

    private mutating func writeHead(_ name: JSONText, _ value: JSONValue) throws -> Bool {
        switch name {
        case "id": try self.write(ChatField.id, self.string(value))
        case "roomId": try self.write(ChatField.roomID, self.string(value))
        case "userId": try self.write(ChatField.userID, self.string(value))
        case "content": try self.write(ChatField.content, self.string(value))
        case "timestamp": try self.write(ChatField.timestamp, self.integer(value))
        case "type": try self.write(ChatField.type, self.type(value))
        case "sequence": try self.write(ChatField.sequence, self.integer(value))
        case "userName": try self.write(ChatField.userName, self.string(value))
        case "status": try self.write(ChatField.status, self.string(value))
        case "clientId": try self.write(ChatField.clientID, self.string(value))
        default: return false
        }
        return true
    }

    private mutating func writeBody(_ name: JSONText, _ value: JSONValue) throws -> Bool {
        switch name {
        case "editedAt": try self.write(ChatField.editedAt, self.integer(value))
        case "edits": try self.write(ChatField.edits, self.integer(value))
        case "deletedAt": try self.write(ChatField.deletedAt, self.integer(value))
        case "deletedBy": try self.write(ChatField.deletedBy, self.string(value))
        case "replyTo": try self.writeObject(ChatField.replyTo, value) { try $0.writeQuote($1, $2) }
        case "threadId": try self.write(ChatField.threadID, self.string(value))
        case "replies": try self.write(ChatField.replies, self.integer(value))
        case "mentions": try self.writeStrings(ChatField.mentions, value)
        case "reactions": try self.writeObjects(ChatField.reactions, value) { try $0.writeReaction($1, $2) }
        case "pinned": try self.write(ChatField.pinned, self.flag(value))
        case "attachments": try self.writeObjects(ChatField.attachments, value) { try $0.writeAttachment($1, $2) }
        case "revision": try self.write(ChatField.revision, self.integer(value))
        case "pinnedBy": try self.write(ChatField.pinnedBy, self.string(value))
        default: return false
        }
        return true
    }

    private mutating func keep(_ name: JSONText, _ value: JSONValue) {
        self.more.writeStaticString(self.more.readableBytes == 0 ? "{" : ",")
        self.more.writeJSONString(name.string)
        self.more.writeStaticString(":")
        self.more.writeBytes(self.scanner.bytes[value.range])
    }

    // MARK: What stands in a message

    private mutating func writeQuote(_ name: JSONText, _ value: JSONValue) throws {
        switch name {
        case "id": try self.write(ChatField.Quote.id, self.string(value))
        case "userId": try self.write(ChatField.Quote.userID, self.string(value))
        case "content": try self.write(ChatField.Quote.content, self.string(value))
        case "deleted": try self.write(ChatField.Quote.deleted, self.flag(value))
        default: throw Strange()
        }
    }

    private mutating func writeReaction(_ name: JSONText, _ value: JSONValue) throws {
        switch name {
        case "emoji": try self.write(ChatField.Reaction.emoji, self.string(value))
        case "count": try self.write(ChatField.Reaction.count, self.integer(value))
        case "users": try self.writeStrings(ChatField.Reaction.users, value)
        default: throw Strange()
        }
    }

    private mutating func writeAttachment(_ name: JSONText, _ value: JSONValue) throws {
        switch name {
        case "id": try self.write(ChatField.Attachment.id, self.string(value))
        case "name": try self.write(ChatField.Attachment.name, self.string(value))
        case "type": try self.write(ChatField.Attachment.type, self.string(value))
        case "size": try self.write(ChatField.Attachment.size, self.integer(value))
        case "width": try self.write(ChatField.Attachment.width, self.integer(value))
        case "height": try self.write(ChatField.Attachment.height, self.integer(value))
        default: throw Strange()
        }
    }

    // MARK: Values

    /// A value of the member that `field` stands for. Where 0 and the empty string may be left out, writing them is no fault.
    private mutating func write(_ field: Int, _ string: String) throws {
        try self.see(field)
        self.bytes.writeProtobuf { $0.writePresent(field, string) }
    }

    private mutating func write(_ field: Int, _ integer: Int64) throws {
        try self.see(field)
        self.bytes.writeProtobuf { $0.writePresent(field, integer) }
    }

    private mutating func write(_ field: Int, _ flag: Bool) throws {
        try self.see(field)
        self.bytes.writeProtobuf { $0.write(field, flag) }
    }

    private mutating func writeStrings(_ field: Int, _ value: JSONValue) throws {
        try self.see(field)
        var scanner = self.scanner.rewound(to: value)
        try scanner.enterArray()
        while try scanner.nextElement() {
            let element = try scanner.readString()
            self.bytes.writeProtobuf { $0.writePresent(field, element) }
        }
    }

    private mutating func writeObject(
        _ field: Int, _ value: JSONValue, _ member: (inout ChatMessageEncoder, JSONText, JSONValue) throws -> Void
    ) throws {
        try self.see(field)
        var scanner = self.scanner.rewound(to: value)
        try self.writeObject(field, &scanner, member)
    }

    private mutating func writeObjects(
        _ field: Int, _ value: JSONValue, _ member: (inout ChatMessageEncoder, JSONText, JSONValue) throws -> Void
    ) throws {
        try self.see(field)
        var scanner = self.scanner.rewound(to: value)
        try scanner.enterArray()
        while try scanner.nextElement() { try self.writeObject(field, &scanner, member) }
    }

    private mutating func writeObject(
        _ field: Int, _ scanner: inout JSONScanner,
        _ member: (inout ChatMessageEncoder, JSONText, JSONValue) throws -> Void
    ) throws {
        var inner = ChatMessageEncoder(scanner)
        try scanner.enterObject()
        while let name = try scanner.nextMember() { try member(&inner, name, try scanner.readValue()) }
        self.bytes.writeProtobuf { fields in
            inner.bytes.withUnsafeReadableBytes { fields.writePresent(field, $0) }
        }
    }

    private mutating func see(_ field: Int) throws {
        guard self.seen & 1 << field == 0 else { throw Strange() }
        self.seen |= 1 << field
    }

    private func string(_ value: JSONValue) throws -> String {
        guard value.kind == .string else { throw Strange() }
        return self.scanner.text(of: value).string
    }

    private func integer(_ value: JSONValue) throws -> Int64 {
        guard let integer = self.scanner.integer(of: value) else { throw Strange() }
        return integer
    }

    private func flag(_ value: JSONValue) throws -> Bool {
        switch value.kind {
        case .true: true
        case .false: false
        default: throw Strange()
        }
    }

    /// The value of `ChatMessage.MessageType`.
    private func type(_ value: JSONValue) throws -> Int64 {
        guard value.kind == .string else { throw Strange() }
        switch self.scanner.text(of: value) {
        case "text": return 0
        case "image": return 1
        case "file": return 2
        case "system": return 3
        default: throw Strange()
        }
    }
}

extension EventFields {
    /// The payload as a `ChatMessage`, if it is one: that is the newest state of a message in the topic of its room.
    var chatMessage: ByteBuffer? {
        guard self.topic.utf8.starts(with: "rooms/".utf8), self.event == "message" || self.event == "messageEdited"
        else {
            return nil
        }
        return ChatMessageEncoder.message(self.payload)
    }
}
