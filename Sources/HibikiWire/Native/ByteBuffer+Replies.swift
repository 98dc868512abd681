// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

/// What a `reply` says beside its id.
public enum ReplyBody: Equatable, Sendable {
    /// Nothing more: to `unsubscribe` and `ping`.
    case done
    /// To `connect`: whose the token is, and when it runs out, in milliseconds since 1970.
    case connected(principal: String, expiresAt: Int64?)
    /// To `subscribe`: the newest event's position, and whether `since` is gone.
    case subscribed(topic: String, position: String, gap: Bool)
    /// To `publish`: where the event stands, and whether it stood there before.
    case published(position: String, duplicate: Bool)
    /// To `direct`: whether the client was there.
    case delivered(Bool)
    /// To the command of a feature: the text of one JSON value.
    case result(ByteBuffer)
}

/// The answers to requests that carry an id.
extension ByteBuffer {
    public mutating func writeReply(id: RequestID, _ body: ReplyBody) {
        self.writeReplyHead(id)
        switch body {
        case .done:
            break
        case .connected(let principal, let expiresAt):
            self.writeMember(#","principal":"#, principal)
            if let expiresAt { self.writeMember(#","expiresAt":"#, expiresAt) }
        case .subscribed(let topic, let position, let gap):
            self.writeMember(#","topic":"#, topic)
            self.writeMember(#","position":"#, position)
            if gap { self.writeStaticString(#","gap":true"#) }
        case .published(let position, let duplicate):
            self.writeMember(#","position":"#, position)
            if duplicate { self.writeStaticString(#","duplicate":true"#) }
        case .delivered(let delivered):
            self.writeStaticString(#","delivered":"#)
            self.writeJSONBoolean(delivered)
        case .result(let result):
            self.writeStaticString(#","result":"#)
            self.writeImmutableBuffer(result)
        }
        self.writeStaticString("}")
    }

    /// Begins the reply to `history`. `writeListedEvent` follows, as often as there are events, then
    /// `writeHistoryReplyEnd`.
    public mutating func writeHistoryReplyBegin(id: RequestID) {
        self.writeReplyHead(id)
        self.writeStaticString(#","events":["#)
    }

    /// - Parameter position: where to go on.
    public mutating func writeHistoryReplyEnd(position: String, gap: Bool = false) {
        self.writeMember(#"],"position":"#, position)
        self.writeStaticString(gap ? #","gap":true}"# : "}")
    }

    /// Begins the answer to a history that was asked for over HTTP. `writeListedEvent` follows, as often as there are events, then
    /// `writeHistoryEnd`.
    public mutating func writeHistoryBegin() {
        self.writeStaticString(#"{"events":["#)
    }

    /// - Parameters:
    ///   - position: where to go on.
    ///   - more: whether something is there already.
    public mutating func writeHistoryEnd(position: String, gap: Bool, more: Bool) {
        self.writeMember(#"],"position":"#, position)
        if gap { self.writeStaticString(#","gap":true"#) }
        self.writeStaticString(more ? #","more":true}"# : "}")
    }

    /// The answer to `presence`.
    ///
    /// - Parameters:
    ///   - count: how many are subscribed; `clients` may list fewer.
    public mutating func writePresence(id: RequestID?, topic: String, count: Int, clients: some Sequence<String>) {
        self.writeStaticString(#"{"type":"presence""#)
        self.writeIDMember(id)
        self.writeMember(#","topic":"#, topic)
        self.writeMember(#","count":"#, Int64(clamping: count))
        self.writeStaticString(#","clients":"#)
        self.writeJSONStrings(clients)
        self.writeStaticString("}")
    }

    /// An error on a WebSocket, with the id of what it answers if that had one.
    public mutating func writeError(_ error: WireError) {
        self.writeStaticString(#"{"type":"error""#)
        self.writeIDMember(error.id)
        self.writeStaticString(",")
        self.writeErrorMembers(error)
    }

    /// The body of an HTTP answer that refuses.
    public mutating func writeErrorBody(_ error: WireError) {
        self.writeStaticString(#"{"error":{"#)
        self.writeErrorMembers(error)
        self.writeStaticString("}")
    }

    private mutating func writeErrorMembers(_ error: WireError) {
        self.writeMember(#""code":"#, error.code.rawValue)
        self.writeMember(#","message":"#, error.message)
        self.writeStaticString(#","retry":"#)
        self.writeJSONBoolean(error.code.mayRetry)
        if let retryAfter = error.retryAfter { self.writeMember(#","retryAfter":"#, retryAfter) }
        self.writeStaticString("}")
    }

    private mutating func writeReplyHead(_ id: RequestID) {
        self.writeStaticString(#"{"type":"reply""#)
        self.writeIDMember(id)
    }
}
