// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

/// The answer to one publication over HTTP.
public struct PublishAnswer: Equatable, Sendable {
    public var position: String
    /// Whether the idempotency key was seen before, so that nothing new was stored.
    public var duplicate: Bool

    public init(position: String, duplicate: Bool = false) {
        self.position = position
        self.duplicate = duplicate
    }

    /// Reads the answer to a single publication.
    public init(parsing body: ByteBuffer) throws(WireError) {
        self = try body.withServerText { reader throws(WireError) in
            try reader.readObject()
            try reader.finish()
            return try reader.publishAnswer()
        }
    }

    /// Reads the answer to an array of publications.
    public static func list(parsing body: ByteBuffer) throws(WireError) -> [PublishAnswer] {
        try body.withServerText { reader throws(WireError) in
            let answers = try reader.readList { element throws(WireError) in try element.publishAnswer() }
            try reader.finish()
            return answers
        }
    }
}

extension ByteBuffer {
    public mutating func writePublishAnswer(_ answer: PublishAnswer) {
        self.writeMember(#"{"position":"#, answer.position)
        self.writeStaticString(answer.duplicate ? #","duplicate":true}"# : "}")
    }

    /// The answer to an array of publications, in its order.
    public mutating func writePublishAnswers(_ answers: some Sequence<PublishAnswer>) {
        self.writeStaticString("[")
        var isFirst = true
        for answer in answers {
            if !isFirst { self.writeStaticString(",") }
            self.writePublishAnswer(answer)
            isFirst = false
        }
        self.writeStaticString("]")
    }

    /// The body of `POST /v1/events`, as a client sends it.
    public mutating func writePublishRequest(_ request: PublishRequest) {
        self.writeMember(#"{"topic":"#, request.topic)
        self.writeMember(#","event":"#, request.event)
        self.writeStaticString(#","payload":"#)
        self.writeImmutableBuffer(request.payload)
        if let id = request.id { self.writeMember(#","id":"#, id) }
        self.writeStaticString("}")
    }
}
