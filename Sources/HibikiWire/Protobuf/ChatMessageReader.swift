// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore

/// Reads the `ChatMessage` that a client sends, and writes it as the payload of the chat's command `send`. What only the server says of
/// a message, its id for example, is passed over.
struct ChatMessageReader {
    private let bytes: UnsafeRawBufferPointer
    private var roomID = ""
    private var content = ""
    private var type: UInt64 = 0
    private var clientID, replyTo, threadID: String?
    /// The elements of two arrays of JSON.
    private var mentions = ByteBuffer()
    private var attachments = ByteBuffer()

    private static let types: [StaticString] = [#""text""#, #""image""#, #""file""#, #""system""#]

    private init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// A JSON object of what stands in a part of `bytes`.
    static func payload(
        _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>
    ) throws(ProtobufSyntaxError) -> ByteBuffer {
        var message = ChatMessageReader(bytes)
        try message.read(range)
        return message.payload
    }

    private mutating func read(_ range: Range<Int>) throws(ProtobufSyntaxError) {
        var reader = ProtobufReader(self.bytes, range)
        while let field = try reader.next() {
            switch field.number {
            case ChatField.roomID: self.roomID = try field.string(in: self.bytes)
            case ChatField.content: self.content = try field.string(in: self.bytes)
            case ChatField.type: self.type = try self.type(field)
            case ChatField.clientID: self.clientID = try field.string(in: self.bytes)
            case ChatField.replyTo: try self.readQuote(try field.bytes)
            case ChatField.threadID: self.threadID = try field.string(in: self.bytes)
            case ChatField.mentions:
                self.mentions.beginElement()
                self.mentions.writeJSONString(try field.string(in: self.bytes))
            case ChatField.attachments: try self.readAttachment(try field.bytes)
            default: break
            }
        }
    }

    private func type(_ field: ProtobufReader.Field) throws(ProtobufSyntaxError) -> UInt64 {
        let type = try field.integer
        guard type < Self.types.count else {
            throw ProtobufSyntaxError(message: "chat_message: a type that is not known", offset: field.offset)
        }
        return type
    }

    /// Of a quote its id is enough: the server knows the rest.
    private mutating func readQuote(_ range: Range<Int>) throws(ProtobufSyntaxError) {
        var reader = ProtobufReader(self.bytes, range)
        while let field = try reader.next() {
            if field.number == ChatField.Quote.id { self.replyTo = try field.string(in: self.bytes) }
        }
    }

    private mutating func readAttachment(_ range: Range<Int>) throws(ProtobufSyntaxError) {
        var (id, name, type) = ("", "", "")
        var size: Int64 = 0
        var width: Int64?
        var height: Int64?
        var reader = ProtobufReader(self.bytes, range)
        while let field = try reader.next() {
            switch field.number {
            case ChatField.Attachment.id: id = try field.string(in: self.bytes)
            case ChatField.Attachment.name: name = try field.string(in: self.bytes)
            case ChatField.Attachment.type: type = try field.string(in: self.bytes)
            case ChatField.Attachment.size: size = Int64(bitPattern: try field.integer)
            case ChatField.Attachment.width: width = Int64(bitPattern: try field.integer)
            case ChatField.Attachment.height: height = Int64(bitPattern: try field.integer)
            default: break
            }
        }
        self.attachments.beginElement()
        self.attachments.writeMember(#"{"id":"#, id)
        self.attachments.writeMember(#","name":"#, name)
        self.attachments.writeMember(#","type":"#, type)
        self.attachments.writeMember(#","size":"#, size)
        if let width { self.attachments.writeMember(#","width":"#, width) }
        if let height { self.attachments.writeMember(#","height":"#, height) }
        self.attachments.writeStaticString("}")
    }

    private var payload: ByteBuffer {
        var payload = ByteBuffer()
        payload.writeMember(#"{"roomId":"#, self.roomID)
        payload.writeMember(#","content":"#, self.content)
        payload.writeStaticString(#","type":"#)
        payload.writeStaticString(Self.types[Int(self.type)])
        if let clientID { payload.writeMember(#","clientId":"#, clientID) }
        if let replyTo { payload.writeMember(#","replyTo":"#, replyTo) }
        if let threadID { payload.writeMember(#","threadId":"#, threadID) }
        if self.mentions.readableBytes > 0 {
            payload.writeStaticString(#","mentions":["#)
            payload.writeImmutableBuffer(self.mentions)
            payload.writeStaticString("]")
        }
        if self.attachments.readableBytes > 0 {
            payload.writeStaticString(#","attachments":["#)
            payload.writeImmutableBuffer(self.attachments)
            payload.writeStaticString("]")
        }
        payload.writeStaticString("}")
        return payload
    }
}

extension ByteBuffer {
    fileprivate mutating func beginElement() {
        if self.readableBytes > 0 { self.writeStaticString(",") }
    }
}

extension ProtobufReader.Field {
    /// Where the bytes of the value stand.
    fileprivate var bytes: Range<Int> {
        get throws(ProtobufSyntaxError) {
            guard case .bytes(let range) = self.value else { throw self.unexpected("bytes") }
            return range
        }
    }

    fileprivate var integer: UInt64 {
        get throws(ProtobufSyntaxError) {
            guard case .varint(let integer) = self.value else { throw self.unexpected("an integer") }
            return integer
        }
    }

    fileprivate func string(in bytes: UnsafeRawBufferPointer) throws(ProtobufSyntaxError) -> String {
        let text = UnsafeRawBufferPointer(rebasing: bytes[try self.bytes])
        guard let string = String(validating: text, as: UTF8.self) else { throw self.unexpected("UTF-8") }
        return string
    }

    private func unexpected(_ expected: StaticString) -> ProtobufSyntaxError {
        ProtobufSyntaxError(message: "chat_message: field \(self.number): expected \(expected)", offset: self.offset)
    }
}
