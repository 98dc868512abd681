// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat
import HibikiWire
import NIOCore

/// The lists in a message's row, as JSON: `["alice","@all"]`, `[{"emoji":"👍","count":3,"users":["bob"]}]` and
/// `[{"id":"f1","name":"a.png","type":"image/png","size":812,"width":4,"height":3}]`. An empty list is NULL.
enum MessageLists {
    // MARK: Writing

    static func text(_ mentions: [Mention]) -> SQLValue {
        self.list(mentions) { $0.writeJSONString($1.text) }
    }

    static func text(_ reactions: [ReactionCount]) -> SQLValue {
        self.list(reactions) { json, reaction in
            json.writeString(#"{"emoji":"#)
            json.writeJSONString(reaction.emoji.rawValue)
            json.writeString(#","count":"#)
            json.writeJSONInteger(reaction.count)
            json.writeString(#","users":"#)
            self.write(reaction.users, to: &json) { $0.writeJSONString($1.rawValue) }
            json.writeString("}")
        }
    }

    static func text(_ attachments: [Attachment]) -> SQLValue {
        self.list(attachments) { json, attachment in
            for (name, text) in [
                ("{\"id\":", attachment.id), (",\"name\":", attachment.name), (",\"type\":", attachment.type),
            ] {
                json.writeString(name)
                json.writeJSONString(text)
            }
            let numbers = [("size", attachment.size), ("width", attachment.width), ("height", attachment.height)]
            for case (let name, let number?) in numbers {
                json.writeString(",\"\(name)\":")
                json.writeJSONInteger(number)
            }
            json.writeString("}")
        }
    }

    private static func list<Element>(
        _ elements: [Element], _ write: (inout ByteBuffer, Element) -> Void
    ) -> SQLValue {
        guard !elements.isEmpty else { return .null }
        var json = ByteBuffer()
        self.write(elements, to: &json, write)
        return .text(String(buffer: json))
    }

    private static func write<Element>(
        _ elements: [Element], to json: inout ByteBuffer, _ write: (inout ByteBuffer, Element) -> Void
    ) {
        json.writeString("[")
        for (index, element) in elements.enumerated() {
            if index > 0 { json.writeString(",") }
            write(&json, element)
        }
        json.writeString("]")
    }

    // MARK: Reading

    static func mentions(_ text: String?) throws -> [Mention] {
        try self.elements(of: text) { scanner in Mention(text: try scanner.readString()) }
    }

    static func reactions(_ text: String?) throws -> [ReactionCount] {
        try self.elements(of: text) { scanner in
            var emoji: Emoji?
            var count: Int?
            var users: [UserID] = []
            try scanner.enterObject()
            while let name = try scanner.nextMember() {
                switch name {
                case "emoji": emoji = Emoji(rawValue: try scanner.readString())
                case "count": count = Int(exactly: try scanner.readInteger())
                case "users": users = try self.array(&scanner) { UserID(rawValue: try $0.readString()) }
                default: _ = try scanner.readValue()
                }
            }
            return emoji.flatMap { emoji in count.map { ReactionCount(emoji: emoji, count: $0, users: users) } }
        }
    }

    static func attachments(_ text: String?) throws -> [Attachment] {
        try self.elements(of: text) { scanner in
            var attachment = Attachment(id: "", name: "", type: "", size: 0)
            try scanner.enterObject()
            while let name = try scanner.nextMember() {
                switch name {
                case "id": attachment.id = try scanner.readString()
                case "name": attachment.name = try scanner.readString()
                case "type": attachment.type = try scanner.readString()
                case "size": attachment.size = try scanner.readInteger()
                case "width": attachment.width = try scanner.readInteger()
                case "height": attachment.height = try scanner.readInteger()
                default: _ = try scanner.readValue()
                }
            }
            return attachment
        }
    }

    private static func elements<Element>(
        of text: String?, _ read: (inout JSONScanner) throws -> Element?
    ) throws -> [Element] {
        guard let text else { return [] }
        do {
            return try ByteBuffer(string: text).withJSONScanner { scanner in
                let elements = try self.array(&scanner, read)
                try scanner.finish()
                return elements
            }
        } catch {
            throw SQLError(.column, "a list of a message cannot be read: \(error)")
        }
    }

    private static func array<Element>(
        _ scanner: inout JSONScanner, _ read: (inout JSONScanner) throws -> Element?
    ) throws -> [Element] {
        var elements: [Element] = []
        try scanner.enterArray()
        while try scanner.nextElement() {
            guard let element = try read(&scanner) else { throw SQLError(.column, "a name in it is none") }
            elements.append(element)
        }
        return elements
    }
}
