// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

/// What a client may ask for over a WebSocket.
public enum ClientCommand: Equatable, Sendable {
    case connect(token: String)
    case subscribe(topic: String, since: String?)
    case unsubscribe(topic: String)
    case publish(topic: String, event: String, payload: ByteBuffer)
    case broadcast(payload: ByteBuffer)
    case direct(targetID: String, payload: ByteBuffer)
    case history(topic: String, since: String?, limit: Int?)
    case presence(topic: String)
    case ping
    /// Something for a feature of the server: `{"type":"chat","command":"send","payload":{…}}`.
    case feature(name: String, command: String, payload: ByteBuffer)
}

/// One frame of a client: a command, and the id that asks for an answer to it.
public struct ClientMessage: Equatable, Sendable {
    public var id: RequestID?
    public var command: ClientCommand

    /// How many events a client may ask for in one `history`.
    public static let historyLimits = 1...1000
    /// The lengths that the name of a feature's command may have, in bytes.
    public static let commandLengths = 1...64

    public init(id: RequestID? = nil, command: ClientCommand) {
        self.id = id
        self.command = command
    }

    /// Reads one text frame, which must be UTF-8, in one pass. Members without a meaning are passed over; a
    /// member given twice is refused.
    ///
    /// `payload` is a slice of `frame` and keeps its memory alive.
    public init(parsing frame: ByteBuffer) throws(WireError) {
        self = try frame.withJSONScanner { scanner throws(WireError) in
            var reader = EnvelopeReader<ClientMembers>(scanner)
            try reader.readObject()
            try reader.finish()
            return ClientMessage(id: try reader.requestID(), command: try reader.command(in: frame))
        }
    }
}

/// The members of every command.
private struct ClientMembers: MemberTable {
    var type, id, topic, since, event, payload, targetID, limit, token, command: JSONValue?

    mutating func note(_ value: JSONValue, for name: JSONText) -> Bool {
        switch name {
        case "type": Self.fill(&self.type, value)
        case "id": Self.fill(&self.id, value)
        case "topic": Self.fill(&self.topic, value)
        case "since": Self.fill(&self.since, value)
        case "event": Self.fill(&self.event, value)
        case "payload": Self.fill(&self.payload, value)
        case "targetId": Self.fill(&self.targetID, value)
        case "limit": Self.fill(&self.limit, value)
        case "token": Self.fill(&self.token, value)
        case "command": Self.fill(&self.command, value)
        default: true
        }
    }
}

extension EnvelopeReader<ClientMembers> {
    fileprivate func command(in frame: ByteBuffer) throws(WireError) -> ClientCommand {
        guard let type = self.members.type else { throw self.missing("type") }
        guard type.kind == .string else { throw self.invalid("type", "expected a string", type) }
        switch self.scanner.text(of: type) {
        case "connect":
            return .connect(token: try self.string(self.members.token, "token"))
        case "subscribe":
            return .subscribe(topic: try self.topic(), since: try self.since())
        case "unsubscribe":
            return .unsubscribe(topic: try self.topic())
        case "publish":
            let event = try self.eventName(self.members.event)
            return .publish(topic: try self.topic(), event: event, payload: try self.payload(in: frame))
        case "broadcast":
            return .broadcast(payload: try self.payload(in: frame))
        case "direct":
            let targetID = try self.string(self.members.targetID, "targetId")
            return .direct(targetID: targetID, payload: try self.payload(in: frame))
        case "history":
            return .history(topic: try self.topic(), since: try self.since(), limit: try self.limit())
        case "presence":
            return .presence(topic: try self.topic())
        case "ping":
            return .ping
        case "chat":
            return .feature(name: "chat", command: try self.featureCommand(), payload: try self.payload(in: frame))
        default:
            var error = self.invalid("type", "not known", type)
            error.code = .unknownType
            throw error
        }
    }

    private func featureCommand() throws(WireError) -> String {
        try self.string(self.members.command, "command", bytes: ClientMessage.commandLengths)
    }

    private func topic() throws(WireError) -> String {
        try self.string(self.members.topic, "topic")
    }

    private func since() throws(WireError) -> String? {
        try self.optionalString(self.members.since, "since")
    }

    private func payload(in frame: ByteBuffer) throws(WireError) -> ByteBuffer {
        try self.slice(self.members.payload, "payload", of: frame)
    }

    private func limit() throws(WireError) -> Int? {
        guard let value = self.members.limit else { return nil }
        guard let limit = Int(exactly: try self.integer(value, "limit")), ClientMessage.historyLimits.contains(limit)
        else {
            throw self.invalid("limit", "expected 1 to \(ClientMessage.historyLimits.upperBound)", value)
        }
        return limit
    }
}
