// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

/// Where the fields stand that a client may send. Of a field that comes twice the last one counts, as the format has it.
private struct ClientFields {
    var type: Int64 = 0
    var number, limit: Int64?
    var key, topic, since, event, payload, targetID, token, command, chatMessage: Range<Int>?

    /// Notes what stands in a field; says what was expected if it is of another kind.
    mutating func note(_ field: ProtobufReader.Field) -> StaticString? {
        switch field.number {
        case FrameField.type: Self.fill(&self.type, field.value)
        case FrameField.limit: Self.fill(&self.limit, field.value)
        case FrameField.topic: Self.fill(&self.topic, field.value)
        case FrameField.since: Self.fill(&self.since, field.value)
        case FrameField.event: Self.fill(&self.event, field.value)
        case FrameField.payload: Self.fill(&self.payload, field.value)
        case FrameField.targetID: Self.fill(&self.targetID, field.value)
        case FrameField.token: Self.fill(&self.token, field.value)
        case FrameField.command: Self.fill(&self.command, field.value)
        case FrameField.chatMessage: Self.fill(&self.chatMessage, field.value)
        case FrameField.number: self.noteNumber(field.value)
        case FrameField.key: self.noteKey(field.value)
        default: nil
        }
    }

    /// Of the two ids the last one counts.
    private mutating func noteNumber(_ value: ProtobufReader.Value) -> StaticString? {
        self.key = nil
        return Self.fill(&self.number, value)
    }

    private mutating func noteKey(_ value: ProtobufReader.Value) -> StaticString? {
        self.number = nil
        return Self.fill(&self.key, value)
    }

    private static func fill(_ slot: inout Range<Int>?, _ value: ProtobufReader.Value) -> StaticString? {
        guard case .bytes(let range) = value else { return "expected bytes" }
        slot = range
        return nil
    }

    private static func fill(_ slot: inout Int64?, _ value: ProtobufReader.Value) -> StaticString? {
        guard case .varint(let integer) = value else { return "expected an integer" }
        slot = Int64(bitPattern: integer)
        return nil
    }

    private static func fill(_ slot: inout Int64, _ value: ProtobufReader.Value) -> StaticString? {
        guard case .varint(let integer) = value else { return "expected an integer" }
        // The values of an enumeration have 32 bits, whatever was sent.
        slot = Int64(Int32(truncatingIfNeeded: integer))
        return nil
    }
}

/// Reads one `WebSocketFrame` of a client in a single pass, and then its fields out of the table.
///
/// An error carries the id of the frame wherever in it that stood, as long as the frame could be read up to there.
private struct ClientFrameReader {
    private let bytes: UnsafeRawBufferPointer
    private var fields = ClientFields()

    init(_ bytes: UnsafeRawBufferPointer) throws(WireError) {
        self.bytes = bytes
        var reader = ProtobufReader(bytes)
        var firstProblem: (words: StaticString, field: ProtobufReader.Field)?
        do throws(ProtobufSyntaxError) {
            while let field = try reader.next() {
                if let words = self.fields.note(field), firstProblem == nil { firstProblem = (words, field) }
            }
        } catch {
            throw self.invalid(error.message, error.offset)
        }
        if let (words, field) = firstProblem {
            throw self.invalid("field \(field.number): \(words)", field.offset)
        }
    }

    func requestID() throws(WireError) -> RequestID? {
        guard self.fields.number != nil || self.fields.key != nil else { return nil }
        guard let id = self.readableID else {
            throw self.invalid("key: expected a string of 1 to 128 bytes", self.fields.key?.lowerBound)
        }
        return id
    }

    private var readableID: RequestID? {
        if let number = self.fields.number { return .number(number) }
        guard let key = self.fields.key, RequestID.lengths.contains(key.count) else { return nil }
        return self.text(key).map { .string($0) }
    }

    func command(in frame: ByteBuffer) throws(WireError) -> ClientCommand {
        guard self.fields.type != 0 else { return try self.chatMessage() }
        switch FrameType(rawValue: self.fields.type) {
        case .connect:
            return .connect(token: try self.string(self.fields.token, "token"))
        case .subscribe:
            return .subscribe(topic: try self.topic(), since: try self.since())
        case .unsubscribe:
            return .unsubscribe(topic: try self.topic())
        case .publish:
            return .publish(topic: try self.topic(), event: try self.eventName(), payload: try self.payload(in: frame))
        case .broadcast:
            return .broadcast(payload: try self.payload(in: frame))
        case .direct:
            let targetID = try self.string(self.fields.targetID, "target_id")
            return .direct(targetID: targetID, payload: try self.payload(in: frame))
        case .history:
            return .history(topic: try self.topic(), since: try self.since(), limit: try self.limit())
        case .presence:
            return .presence(topic: try self.topic())
        case .ping:
            return .ping
        case .chat:
            return .feature(name: "chat", command: try self.featureCommand(), payload: try self.payload(in: frame))
        default:
            var error = self.invalid("type: not known", nil)
            error.code = .unknownType
            throw error
        }
    }

    /// Of a client the only event is a message for a room, which asks for what the chat's command `send` asks for.
    private func chatMessage() throws(WireError) -> ClientCommand {
        guard let range = self.fields.chatMessage else { throw self.missing("type") }
        do throws(ProtobufSyntaxError) {
            let payload = try ChatMessageReader.payload(self.bytes, range)
            return .feature(name: "chat", command: "send", payload: payload)
        } catch {
            throw self.invalid(error.message, error.offset)
        }
    }

    // MARK: Fields

    private func featureCommand() throws(WireError) -> String {
        let name = try self.string(self.fields.command, "command")
        guard ClientMessage.commandLengths.contains(name.utf8.count) else {
            throw self.invalid(
                "command: expected 1 to \(ClientMessage.commandLengths.upperBound) bytes",
                self.fields.command?.lowerBound)
        }
        return name
    }

    private func topic() throws(WireError) -> String {
        try self.string(self.fields.topic, "topic")
    }

    private func since() throws(WireError) -> String? {
        guard let range = self.fields.since else { return nil }
        return try self.anyString(range, "since")
    }

    private func eventName() throws(WireError) -> String {
        guard let range = self.fields.event, !range.isEmpty else { return EventFields.defaultName }
        guard EventFields.nameLengths.contains(range.count) else {
            let lengths = EventFields.nameLengths
            throw self.invalid("event: expected \(lengths.lowerBound) to \(lengths.upperBound) bytes", range.lowerBound)
        }
        return try self.anyString(range, "event")
    }

    private func limit() throws(WireError) -> Int? {
        guard let value = self.fields.limit else { return nil }
        guard let limit = Int(exactly: value), ClientMessage.historyLimits.contains(limit) else {
            throw self.invalid("limit: expected 1 to \(ClientMessage.historyLimits.upperBound)", nil)
        }
        return limit
    }

    /// The JSON text of a payload, as a slice of the frame and without the whitespace around it. It is handed on to readers of JSON,
    /// who count on its being JSON; a level is left for the object that it will stand in.
    private func payload(in frame: ByteBuffer) throws(WireError) -> ByteBuffer {
        guard let range = self.fields.payload, !range.isEmpty else { throw self.missing("payload") }
        let text = UnsafeRawBufferPointer(rebasing: self.bytes[range])
        guard text.isValidUTF8 else { throw self.invalid("payload: not UTF-8", range.lowerBound) }
        var scanner = JSONScanner(text, depthLimit: JSONScanner.maximumDepth - 1)
        let value: JSONValue
        do throws(JSONSyntaxError) {
            value = try scanner.readValue()
            try scanner.finish()
        } catch {
            throw self.invalid("payload: \(error.message)", range.lowerBound + error.offset)
        }
        let start = frame.readerIndex + range.lowerBound + value.range.lowerBound
        guard let slice = frame.getSlice(at: start, length: value.range.count) else { throw self.missing("payload") }
        return slice
    }

    /// A string that may not be empty: that is the same as if it was not there.
    private func string(_ range: Range<Int>?, _ name: StaticString) throws(WireError) -> String {
        guard let range, !range.isEmpty else { throw self.missing(name) }
        return try self.anyString(range, name)
    }

    private func anyString(_ range: Range<Int>, _ name: StaticString) throws(WireError) -> String {
        guard let text = self.text(range) else { throw self.invalid("\(name): not UTF-8", range.lowerBound) }
        return text
    }

    private func text(_ range: Range<Int>) -> String? {
        String(validating: UnsafeRawBufferPointer(rebasing: self.bytes[range]), as: UTF8.self)
    }

    // MARK: Errors

    private func missing(_ name: StaticString) -> WireError {
        self.invalid("\(name): missing", nil)
    }

    private func invalid(_ problem: String, _ offset: Int?) -> WireError {
        WireError(.invalidMessage, "\(problem) at byte \(offset ?? self.bytes.count)", id: self.readableID)
    }
}

extension ClientMessage {
    /// Reads one `WebSocketFrame` of Proto/hibiki.proto. What is not known is passed over; what is known and written as something
    /// else is refused.
    ///
    /// `payload` is a slice of `frame` and keeps its memory alive.
    public init(parsingProtobuf frame: ByteBuffer) throws(WireError) {
        self = try frame.withUnsafeReadableBytes { bytes throws(WireError) in
            let reader = try ClientFrameReader(bytes)
            return ClientMessage(id: try reader.requestID(), command: try reader.command(in: frame))
        }
    }
}
