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

    /// Reads the body of `POST /v1/events`: one publication, or an array of up to `limit`. Payloads are slices
    /// of `body`.
    public static func parse(_ body: ByteBuffer, limit: Int = 100) throws(WireError) -> PublishBatch {
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
                batch = .single(try reader.request(in: body))
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
}

private struct PublishMembers: MemberTable {
    var topic, event, payload, id: JSONValue?

    mutating func note(_ value: JSONValue, for name: JSONText) -> Bool {
        switch name {
        case "topic": Self.fill(&self.topic, value)
        case "event": Self.fill(&self.event, value)
        case "payload": Self.fill(&self.payload, value)
        case "id": Self.fill(&self.id, value)
        default: true
        }
    }
}

extension EnvelopeReader<PublishMembers> {
    fileprivate func request(in body: ByteBuffer) throws(WireError) -> PublishRequest {
        PublishRequest(
            topic: try self.string(self.members.topic, "topic"),
            event: try self.eventName(self.members.event),
            payload: try self.slice(self.members.payload, "payload", of: body),
            id: try self.key()
        )
    }

    private func key() throws(WireError) -> String? {
        guard self.members.id != nil else { return nil }
        return try self.string(self.members.id, "id", bytes: RequestID.lengths)
    }
}
