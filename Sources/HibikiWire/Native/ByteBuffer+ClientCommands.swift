// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

/// What a client sends over a WebSocket.
extension ByteBuffer {
    public mutating func writeClientMessage(_ message: ClientMessage) {
        switch message.command {
        case .connect(let token):
            self.writeMember(#"{"type":"connect","token":"#, token)
        case .subscribe(let topic, let since):
            self.writeMember(#"{"type":"subscribe","topic":"#, topic)
            if let since { self.writeMember(#","since":"#, since) }
        case .unsubscribe(let topic):
            self.writeMember(#"{"type":"unsubscribe","topic":"#, topic)
        case .publish(let topic, let event, let payload):
            self.writeMember(#"{"type":"publish","topic":"#, topic)
            self.writeMember(#","event":"#, event)
            self.writePayload(payload)
        case .broadcast(let payload):
            self.writeStaticString(#"{"type":"broadcast""#)
            self.writePayload(payload)
        case .direct(let targetID, let payload):
            self.writeMember(#"{"type":"direct","targetId":"#, targetID)
            self.writePayload(payload)
        case .history(let topic, let since, let limit):
            self.writeMember(#"{"type":"history","topic":"#, topic)
            if let since { self.writeMember(#","since":"#, since) }
            if let limit { self.writeMember(#","limit":"#, Int64(clamping: limit)) }
        case .presence(let topic):
            self.writeMember(#"{"type":"presence","topic":"#, topic)
        case .ping:
            self.writeStaticString(#"{"type":"ping""#)
        case .feature(let name, let command, let payload):
            self.writeMember(#"{"type":"#, name)
            self.writeMember(#","command":"#, command)
            self.writePayload(payload)
        }
        self.writeIDMember(message.id)
        self.writeStaticString("}")
    }

    public mutating func writeConnect(token: String, id: RequestID? = nil) {
        self.writeClientMessage(ClientMessage(id: id, command: .connect(token: token)))
    }

    public mutating func writeSubscribe(topic: String, since: String? = nil, id: RequestID? = nil) {
        self.writeClientMessage(ClientMessage(id: id, command: .subscribe(topic: topic, since: since)))
    }

    public mutating func writeUnsubscribe(topic: String, id: RequestID? = nil) {
        self.writeClientMessage(ClientMessage(id: id, command: .unsubscribe(topic: topic)))
    }

    public mutating func writePublish(
        topic: String, event: String = EventFields.defaultName, payload: ByteBuffer, id: RequestID? = nil
    ) {
        self.writeClientMessage(ClientMessage(id: id, command: .publish(topic: topic, event: event, payload: payload)))
    }

    public mutating func writeBroadcast(payload: ByteBuffer, id: RequestID? = nil) {
        self.writeClientMessage(ClientMessage(id: id, command: .broadcast(payload: payload)))
    }

    public mutating func writeDirect(targetID: String, payload: ByteBuffer, id: RequestID? = nil) {
        self.writeClientMessage(ClientMessage(id: id, command: .direct(targetID: targetID, payload: payload)))
    }

    public mutating func writeHistory(topic: String, since: String? = nil, limit: Int? = nil, id: RequestID? = nil) {
        self.writeClientMessage(ClientMessage(id: id, command: .history(topic: topic, since: since, limit: limit)))
    }

    public mutating func writePresence(topic: String, id: RequestID? = nil) {
        self.writeClientMessage(ClientMessage(id: id, command: .presence(topic: topic)))
    }

    public mutating func writePing(id: RequestID? = nil) {
        self.writeClientMessage(ClientMessage(id: id, command: .ping))
    }

    private mutating func writePayload(_ payload: ByteBuffer) {
        self.writeStaticString(#","payload":"#)
        self.writeImmutableBuffer(payload)
    }
}
