// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

extension ByteBuffer {
    /// Writes an event as one object.
    ///
    /// - Parameter type: whether `"type":"event"` stands first, as it does on a WebSocket; polls and SSE
    ///   envelopes have none.
    public mutating func writeEventMessage(_ event: EventFields, type: Bool) {
        self.writeMember(type ? #"{"type":"event","topic":"# : #"{"topic":"#, event.topic)
        if let position = event.position { self.writeMember(#","position":"#, position) }
        self.writeMember(#","event":"#, event.event)
        self.writeStaticString(#","payload":"#)
        self.writeImmutableBuffer(event.payload)
        self.writeStaticString(#","from":"#)
        if let from = event.from { self.writeJSONString(from) } else { self.writeStaticString("null") }
        self.writeMember(#","timestamp":"#, event.timestamp)
        self.writeStaticString("}")
    }

    /// Writes an event into an `events` array that was begun: with a comma before it, unless it is the first.
    public mutating func writeListedEvent(_ event: EventFields, isFirst: Bool) {
        if !isFirst { self.writeStaticString(",") }
        self.writeEventMessage(event, type: false)
    }

    /// `prefix` is all that stands before the value, such as `,"topic":`.
    mutating func writeMember(_ prefix: StaticString, _ string: String) {
        self.writeStaticString(prefix)
        self.writeJSONString(string)
    }

    mutating func writeMember(_ prefix: StaticString, _ integer: Int64) {
        self.writeStaticString(prefix)
        self.writeJSONInteger(integer)
    }

    mutating func writeRequestID(_ id: RequestID) {
        switch id {
        case .number(let number): self.writeJSONInteger(number)
        case .string(let string): self.writeJSONString(string)
        }
    }

    mutating func writeIDMember(_ id: RequestID?) {
        guard let id else { return }
        self.writeStaticString(#","id":"#)
        self.writeRequestID(id)
    }
}
