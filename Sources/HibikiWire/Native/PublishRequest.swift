// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

/// One publication over HTTP.
public struct PublishRequest: Equatable, Sendable {
    public var topic: String
    public var event: String
    public var payload: ByteBuffer
    /// The idempotency key, 1 to 128 bytes.
    public var id: String?

    public init(topic: String, event: String = EventFields.defaultName, payload: ByteBuffer, id: String? = nil) {
        self.topic = topic
        self.event = event
        self.payload = payload
        self.id = id
    }

    /// The most publications of an array, and the most topics of one that is for many.
    public static let longestArray = 100
    public static let mostTopics = 1_000

    /// Reads the body of `POST /v1/events`: one publication, one for several topics, or an array of up to `limit`. Payloads are
    /// slices of `body`.
    public static func parse(_ body: ByteBuffer, limit: Int = longestArray) throws(WireError) -> PublishBatch {
        guard body.isValidUTF8 else { throw WireError(.invalidMessage, "the body is not UTF-8") }
        return try body.withJSONScanner { scanner throws(WireError) in
            let isArray = scanner.isAtArray
            var reader = EnvelopeReader<PublishMembers>(scanner)
            let batch: PublishBatch
            if isArray {
                batch = .array(
                    try reader.readList(limit: limit) { element throws(WireError) in try element.request(in: body) }
                )
            } else {
                try reader.readObject()
                batch = try reader.single(in: body)
            }
            try reader.finish()
            return batch
        }
    }
}

/// What a body asked for: the answer has the same shape.
public enum PublishBatch: Equatable, Sendable {
    case single(PublishRequest)
    case array([PublishRequest])
    /// The same to several topics, of which none is named twice. The topic of the request is the first.
    case broadcast(PublishRequest, topics: [String])

    /// How many publications it asks for.
    public var count: Int {
        switch self {
        case .single: 1
        case .array(let requests): requests.count
        case .broadcast(_, let topics): topics.count
        }
    }
}

private struct PublishMembers: MemberTable {
    var topic, topics, event, payload, id: JSONValue?

    mutating func note(_ value: JSONValue, for name: JSONText) -> Bool {
        switch name {
        case "topic": Self.fill(&self.topic, value)
        case "topics": Self.fill(&self.topics, value)
        case "event": Self.fill(&self.event, value)
        case "payload": Self.fill(&self.payload, value)
        case "id": Self.fill(&self.id, value)
        default: true
        }
    }
}

extension EnvelopeReader<PublishMembers> {
    fileprivate func single(in body: ByteBuffer) throws(WireError) -> PublishBatch {
        guard let value = self.members.topics else { return .single(try self.request(in: body)) }
        guard self.members.topic == nil else { throw self.invalid("topics", "either topic or topics", value) }
        let topics = try self.topics(value)
        guard let first = topics.first else { throw self.invalid("topics", "expected at least one", value) }
        return .broadcast(try self.request(to: first, in: body), topics: topics)
    }

    fileprivate func request(in body: ByteBuffer) throws(WireError) -> PublishRequest {
        guard self.members.topics == nil else {
            throw self.invalid("topics", "not in an array", self.members.topics)
        }
        return try self.request(to: try self.string(self.members.topic, "topic"), in: body)
    }

    private func request(to topic: String, in body: ByteBuffer) throws(WireError) -> PublishRequest {
        PublishRequest(
            topic: topic,
            event: try self.eventName(self.members.event),
            payload: try self.slice(self.members.payload, "payload", of: body),
            id: try self.key()
        )
    }

    private func topics(_ value: JSONValue) throws(WireError) -> [String] {
        guard value.kind == .array else { throw self.invalid("topics", "expected an array", value) }
        var scanner = self.scanner.rewound(to: value)
        var topics: [String] = []
        var known: Set<[UInt8]> = []
        try scanner.orInvalid { scanner throws(JSONSyntaxError) in try scanner.enterArray() }
        while try scanner.orInvalid({ scanner throws(JSONSyntaxError) in try scanner.nextElement() }) {
            let element = try scanner.orInvalid { scanner throws(JSONSyntaxError) in try scanner.readValue() }
            guard element.kind == .string else { throw self.invalid("topics", "expected strings", element) }
            guard topics.count < PublishRequest.mostTopics else {
                throw WireError(.tooLarge, "more than \(PublishRequest.mostTopics) topics")
            }
            let topic = scanner.text(of: element).string
            guard known.insert(Array(topic.utf8)).inserted else {
                throw self.invalid("topics", "the same one twice", element)
            }
            topics.append(topic)
        }
        return topics
    }

    private func key() throws(WireError) -> String? {
        guard self.members.id != nil else { return nil }
        return try self.string(self.members.id, "id", bytes: RequestID.lengths)
    }
}
