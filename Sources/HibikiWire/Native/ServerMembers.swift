// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore

/// The members of everything that a server says.
struct ServerMembers: MemberTable {
    var type, id, topic, position, event, payload, from, timestamp, gap, duplicate, delivered: JSONValue?
    var events, count, clients, clientID, code, message, retry, retryAfter, reconnectDelay, lastEventID: JSONValue?
    var error, timeLeft: JSONValue?

    mutating func note(_ value: JSONValue, for name: JSONText) -> Bool {
        switch name {
        case "type": Self.fill(&self.type, value)
        case "id": Self.fill(&self.id, value)
        case "topic": Self.fill(&self.topic, value)
        case "position": Self.fill(&self.position, value)
        case "event": Self.fill(&self.event, value)
        case "payload": Self.fill(&self.payload, value)
        case "from": Self.fill(&self.from, value)
        case "timestamp": Self.fill(&self.timestamp, value)
        case "gap": Self.fill(&self.gap, value)
        case "duplicate": Self.fill(&self.duplicate, value)
        case "delivered": Self.fill(&self.delivered, value)
        case "events": Self.fill(&self.events, value)
        case "count": Self.fill(&self.count, value)
        case "clients": Self.fill(&self.clients, value)
        case "clientId": Self.fill(&self.clientID, value)
        case "code": Self.fill(&self.code, value)
        case "message": Self.fill(&self.message, value)
        case "retry": Self.fill(&self.retry, value)
        case "retryAfter": Self.fill(&self.retryAfter, value)
        case "reconnectDelay": Self.fill(&self.reconnectDelay, value)
        case "lastEventId": Self.fill(&self.lastEventID, value)
        case "error": Self.fill(&self.error, value)
        case "timeLeft": Self.fill(&self.timeLeft, value)
        default: true
        }
    }
}

typealias ServerTextReader = EnvelopeReader<ServerMembers>

extension ByteBuffer {
    func withServerText<Result>(
        _ body: (inout ServerTextReader) throws(WireError) -> Result
    ) throws(WireError) -> Result {
        try self.withJSONScanner { scanner throws(WireError) in
            var reader = ServerTextReader(scanner)
            return try body(&reader)
        }
    }
}

extension ServerTextReader {
    func message(in frame: ByteBuffer) throws(WireError) -> ServerMessage {
        guard let type = self.members.type else { throw self.missing("type") }
        guard type.kind == .string else { throw self.invalid("type", "expected a string", type) }
        let text = self.scanner.text(of: type)
        switch text {
        case "event":
            return .event(try self.event(in: frame))
        case "reply":
            return .reply(try self.reply(in: frame))
        case "broadcast":
            return .broadcast(
                from: try self.from(), payload: try self.payload(in: frame), timestamp: try self.timestamp())
        case "direct":
            return .direct(from: try self.from(), payload: try self.payload(in: frame), timestamp: try self.timestamp())
        case "welcome":
            let clientID = try self.string(self.members.clientID, "clientId")
            return .welcome(clientID: clientID, timestamp: try self.timestamp())
        case "presence":
            return try self.presence()
        case "error":
            return .error(try self.wireError(), retry: try self.flag(self.members.retry, "retry"))
        case "gap":
            return .gap(topic: try self.topic(), position: try self.position())
        case "pong":
            return .pong(timestamp: try self.timestamp())
        case "unsubscribed":
            return .unsubscribed(topic: try self.topic())
        case "token:expiring":
            return .tokenExpiring(timeLeft: try self.integer(self.members.timeLeft, "timeLeft"))
        case "server:shutdown":
            let message = try self.string(self.members.message, "message")
            return .shutdown(
                message: message, reconnectDelay: try self.integer(self.members.reconnectDelay, "reconnectDelay"))
        default:
            return .unknown(type: text.string)
        }
    }

    func event(in text: ByteBuffer) throws(WireError) -> EventFields {
        let isFromNobody = self.members.from == nil || self.members.from?.kind == .null
        return EventFields(
            topic: try self.topic(),
            position: try self.optionalString(self.members.position, "position"),
            event: try self.string(self.members.event, "event"),
            payload: try self.payload(in: text),
            from: isFromNobody ? nil : try self.from(),
            timestamp: try self.timestamp()
        )
    }

    func publishAnswer() throws(WireError) -> PublishAnswer {
        PublishAnswer(position: try self.position(), duplicate: try self.flag(self.members.duplicate, "duplicate"))
    }

    func errorAnswer() throws(WireError) -> ErrorAnswer {
        guard let value = self.members.error else { throw self.missing("error") }
        var reader = ServerTextReader(self.scanner.rewound(to: value))
        try reader.readObject()
        return ErrorAnswer(error: try reader.wireError(), retry: try reader.flag(reader.members.retry, "retry"))
    }

    func events(in text: ByteBuffer) throws(WireError) -> [EventFields] {
        guard let value = self.members.events else { throw self.missing("events") }
        var reader = ServerTextReader(self.scanner.rewound(to: value))
        return try reader.readList { element throws(WireError) in try element.event(in: text) }
    }
}

extension ServerTextReader {
    private func reply(in frame: ByteBuffer) throws(WireError) -> ServerReply {
        guard let id = try self.requestID() else { throw self.missing("id") }
        return ServerReply(
            id: id,
            topic: try self.optionalString(self.members.topic, "topic"),
            position: try self.optionalString(self.members.position, "position"),
            gap: try self.flag(self.members.gap, "gap"),
            duplicate: try self.flag(self.members.duplicate, "duplicate"),
            delivered: self.members.delivered == nil ? nil : try self.flag(self.members.delivered, "delivered"),
            events: self.members.events == nil ? nil : try self.slice(self.members.events, "events", of: frame)
        )
    }

    private func presence() throws(WireError) -> ServerMessage {
        guard let value = self.members.clients else { throw self.missing("clients") }
        guard let count = Int(exactly: try self.integer(self.members.count, "count")) else {
            throw self.invalid("count", "expected an integer", self.members.count)
        }
        var scanner = self.scanner.rewound(to: value)
        let clients = try scanner.orInvalid { scanner throws(JSONSyntaxError) in
            var clients: [String] = []
            try scanner.enterArray()
            while try scanner.nextElement() { clients.append(try scanner.readString()) }
            return clients
        }
        return .presence(id: try self.requestID(), topic: try self.topic(), count: count, clients: clients)
    }

    private func wireError() throws(WireError) -> WireError {
        let code = WireErrorCode(rawValue: try self.string(self.members.code, "code"))
        let retryAfter = self.members.retryAfter == nil ? nil : try self.integer(self.members.retryAfter, "retryAfter")
        return WireError(
            code, try self.string(self.members.message, "message"), id: try self.requestID(), retryAfter: retryAfter)
    }

    private func topic() throws(WireError) -> String {
        try self.string(self.members.topic, "topic")
    }

    private func position() throws(WireError) -> String {
        try self.string(self.members.position, "position")
    }

    private func from() throws(WireError) -> String {
        try self.string(self.members.from, "from")
    }

    private func payload(in text: ByteBuffer) throws(WireError) -> ByteBuffer {
        try self.slice(self.members.payload, "payload", of: text)
    }

    private func timestamp() throws(WireError) -> Int64 {
        try self.integer(self.members.timestamp, "timestamp")
    }
}
