// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

/// What a server says of its own accord over a WebSocket.
extension ByteBuffer {
    /// The first message of every connection.
    ///
    /// - Parameters:
    ///   - timestamp: milliseconds since 1970, as in every message.
    ///   - principal: whose the token is that the handshake had.
    public mutating func writeWelcome(clientID: String, timestamp: Int64, principal: String? = nil) {
        self.writeMember(#"{"type":"welcome","clientId":"#, clientID)
        self.writeMember(#","timestamp":"#, timestamp)
        if let principal { self.writeMember(#","principal":"#, principal) }
        self.writeStaticString("}")
    }

    /// The answer to a `ping` without an id.
    public mutating func writePong(timestamp: Int64) {
        self.writeMember(#"{"type":"pong","timestamp":"#, timestamp)
        self.writeStaticString("}")
    }

    /// Tells a subscriber that asked without an id that its `since` is gone.
    public mutating func writeGap(topic: String, position: String) {
        self.writeMember(#"{"type":"gap","topic":"#, topic)
        self.writeMember(#","position":"#, position)
        self.writeStaticString("}")
    }

    public mutating func writeBroadcast(from: String, payload: ByteBuffer, timestamp: Int64) {
        self.writeMember(#"{"type":"broadcast","from":"#, from)
        self.writePayloadAndTimestamp(payload, timestamp)
    }

    /// - Parameter type: whether `"type":"direct"` stands first; an SSE event of that name has none.
    public mutating func writeDirect(from: String, payload: ByteBuffer, timestamp: Int64, type: Bool = true) {
        self.writeMember(type ? #"{"type":"direct","from":"# : #"{"from":"#, from)
        self.writePayloadAndTimestamp(payload, timestamp)
    }

    /// - Parameters:
    ///   - reconnectDelay: milliseconds.
    ///   - type: whether `"type":"server:shutdown"` stands first; an SSE event of that name has none.
    public mutating func writeShutdown(message: String, reconnectDelay: Int64, type: Bool = true) {
        self.writeMember(type ? #"{"type":"server:shutdown","message":"# : #"{"message":"#, message)
        self.writeMember(#","reconnectDelay":"#, reconnectDelay)
        self.writeStaticString("}")
    }

    /// Asks for a new token.
    ///
    /// - Parameters:
    ///   - timeLeft: until the connection ends, in milliseconds.
    ///   - type: whether `"type":"token:expiring"` stands first; an SSE event of that name has none.
    public mutating func writeTokenExpiring(timeLeft: Int64, type: Bool = true) {
        self.writeMember(type ? #"{"type":"token:expiring","timeLeft":"# : #"{"timeLeft":"#, timeLeft)
        self.writeStaticString("}")
    }

    /// Says that whoever runs the server has taken the client out of a topic.
    ///
    /// - Parameter type: whether `"type":"unsubscribed"` stands first; an SSE event of that name has none.
    public mutating func writeUnsubscribed(topic: String, type: Bool = true) {
        self.writeMember(type ? #"{"type":"unsubscribed","topic":"# : #"{"topic":"#, topic)
        self.writeStaticString("}")
    }

    /// The data of `server:disconnect`, for transports that have no close codes: whoever runs the server has ended this.
    ///
    /// - Parameter retry: whether the client is to come back.
    public mutating func writeDisconnectData(code: UInt16, message: String, retry: Bool) {
        self.writeMember(#"{"code":"#, Int64(code))
        self.writeMember(#","message":"#, message)
        self.writeStaticString(retry ? #","retry":true}"# : #","retry":false}"#)
    }

    private mutating func writePayloadAndTimestamp(_ payload: ByteBuffer, _ timestamp: Int64) {
        self.writeStaticString(#","payload":"#)
        self.writeImmutableBuffer(payload)
        self.writeMember(#","timestamp":"#, timestamp)
        self.writeStaticString("}")
    }
}

/// The data of the events that an SSE stream adds to those of its topics.
extension ByteBuffer {
    /// The data of `connected`.
    public mutating func writeConnectedData(clientID: String) {
        self.writeMember(#"{"clientId":"#, clientID)
        self.writeStaticString("}")
    }

    /// The data of `gap`.
    public mutating func writeGapData(topics: some Sequence<String>) {
        self.writeStaticString(#"{"topics":"#)
        self.writeJSONStrings(topics)
        self.writeStaticString("}")
    }

    mutating func writeJSONStrings(_ strings: some Sequence<String>) {
        self.writeStaticString("[")
        var isFirst = true
        for string in strings {
            self.writeMember(isFirst ? "" : ",", string)
            isFirst = false
        }
        self.writeStaticString("]")
    }
}
