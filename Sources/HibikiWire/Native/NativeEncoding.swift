// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

/// In which bytes the messages of the native protocol travel over a WebSocket. They say the same in both.
public enum NativeEncoding: Sendable, CaseIterable {
    /// One object with a `type`, in a text message.
    case json
    /// One `WebSocketFrame` of Proto/hibiki.proto, in a binary message. Payloads are JSON text in it too, so that an event is the
    /// same for all who read it.
    case protobuf

    /// The name that a handshake gives it (RFC 6455 §1.9).
    public var subprotocol: String {
        switch self {
        case .json: "hibiki.json"
        case .protobuf: "hibiki.protobuf"
        }
    }

    /// What a handshake has agreed on; without a subprotocol it is JSON.
    public init(subprotocol: String?) {
        self = subprotocol == NativeEncoding.protobuf.subprotocol ? .protobuf : .json
    }

    /// Reads one message of a client. `payload` is a slice of it.
    public func clientMessage(in message: ByteBuffer) throws(WireError) -> ClientMessage {
        switch self {
        case .json: try ClientMessage(parsing: message)
        case .protobuf: try ClientMessage(parsingProtobuf: message)
        }
    }
}

/// What the server says of its own accord; see the functions of the same names that write JSON.
extension NativeEncoding {
    public func writeWelcome(clientID: String, timestamp: Int64, principal: String?, to bytes: inout ByteBuffer) {
        switch self {
        case .json:
            bytes.writeWelcome(clientID: clientID, timestamp: timestamp, principal: principal)
        case .protobuf:
            bytes.writeProtobuf {
                $0.write(FrameField.timestamp, timestamp)
                $0.writeType(.welcome)
                $0.write(FrameField.principal, principal ?? "")
                $0.write(FrameField.clientID, clientID)
            }
        }
    }

    /// An event as a message of its own.
    public func writeEvent(_ event: EventFields, to bytes: inout ByteBuffer) {
        switch self {
        case .json:
            bytes.writeEventMessage(event, type: true)
        case .protobuf:
            let chatMessage = event.chatMessage
            bytes.writeProtobuf { $0.writeEvent(event, chatMessage) }
        }
    }

    public func writeGap(topic: String, position: String, to bytes: inout ByteBuffer) {
        switch self {
        case .json:
            bytes.writeGap(topic: topic, position: position)
        case .protobuf:
            bytes.writeProtobuf {
                $0.write(FrameField.topic, topic)
                $0.write(FrameField.position, position)
                $0.writeType(.gap)
            }
        }
    }

    public func writeBroadcast(from: String, payload: ByteBuffer, timestamp: Int64, to bytes: inout ByteBuffer) {
        switch self {
        case .json:
            bytes.writeBroadcast(from: from, payload: payload, timestamp: timestamp)
        case .protobuf:
            bytes.writeProtobuf { $0.writeSignal(.broadcast, from: from, payload: payload, timestamp: timestamp) }
        }
    }

    public func writeDirect(from: String, payload: ByteBuffer, timestamp: Int64, to bytes: inout ByteBuffer) {
        switch self {
        case .json:
            bytes.writeDirect(from: from, payload: payload, timestamp: timestamp)
        case .protobuf:
            bytes.writeProtobuf { $0.writeSignal(.direct, from: from, payload: payload, timestamp: timestamp) }
        }
    }

    public func writeUnsubscribed(topic: String, to bytes: inout ByteBuffer) {
        switch self {
        case .json:
            bytes.writeUnsubscribed(topic: topic)
        case .protobuf:
            bytes.writeProtobuf {
                $0.write(FrameField.topic, topic)
                $0.writeType(.unsubscribed)
            }
        }
    }

    public func writeTokenExpiring(timeLeft: Int64, to bytes: inout ByteBuffer) {
        switch self {
        case .json:
            bytes.writeTokenExpiring(timeLeft: timeLeft)
        case .protobuf:
            bytes.writeProtobuf {
                $0.writeType(.tokenExpiring)
                $0.write(FrameField.timeLeft, timeLeft)
            }
        }
    }

    public func writeShutdown(message: String, reconnectDelay: Int64, to bytes: inout ByteBuffer) {
        switch self {
        case .json:
            bytes.writeShutdown(message: message, reconnectDelay: reconnectDelay)
        case .protobuf:
            bytes.writeProtobuf {
                $0.writeType(.shutdown)
                $0.write(FrameField.message, message)
                $0.write(FrameField.reconnectDelay, reconnectDelay)
            }
        }
    }
}

/// Answers.
extension NativeEncoding {
    public func writeReply(id: RequestID, _ body: ReplyBody, to bytes: inout ByteBuffer) {
        switch self {
        case .json: bytes.writeReply(id: id, body)
        case .protobuf: bytes.writeProtobuf { $0.writeReply(id: id, body) }
        }
    }

    public func writeError(_ error: WireError, to bytes: inout ByteBuffer) {
        switch self {
        case .json: bytes.writeError(error)
        case .protobuf: bytes.writeProtobuf { $0.writeError(error) }
        }
    }

    public func writePong(timestamp: Int64, to bytes: inout ByteBuffer) {
        switch self {
        case .json:
            bytes.writePong(timestamp: timestamp)
        case .protobuf:
            bytes.writeProtobuf {
                $0.write(FrameField.timestamp, timestamp)
                $0.writeType(.pong)
            }
        }
    }

    public func writePresence(
        id: RequestID?, topic: String, count: Int, clients: some Collection<String>, to bytes: inout ByteBuffer
    ) {
        switch self {
        case .json:
            bytes.writePresence(id: id, topic: topic, count: count, clients: clients)
        case .protobuf:
            bytes.writeProtobuf {
                $0.write(FrameField.topic, topic)
                $0.writeType(.presence)
                $0.writeID(id)
                $0.write(FrameField.count, Int64(clamping: count))
                for client in clients { $0.writePresent(FrameField.clients, client) }
            }
        }
    }

    /// Begins the reply to `history`. `writeListedEvent` follows, as often as there are events, then `writeHistoryReplyEnd`.
    public func writeHistoryReplyBegin(id: RequestID, to bytes: inout ByteBuffer) {
        switch self {
        case .json:
            bytes.writeHistoryReplyBegin(id: id)
        case .protobuf:
            bytes.writeProtobuf {
                $0.writeType(.reply)
                $0.writeID(id)
            }
        }
    }

    public func writeListedEvent(_ event: EventFields, isFirst: Bool, to bytes: inout ByteBuffer) {
        switch self {
        case .json:
            bytes.writeListedEvent(event, isFirst: isFirst)
        case .protobuf:
            let chatMessage = event.chatMessage
            bytes.writeProtobuf { $0.writeMessage(FrameField.events) { $0.writeEvent(event, chatMessage) } }
        }
    }

    public func writeHistoryReplyEnd(position: String, gap: Bool, to bytes: inout ByteBuffer) {
        switch self {
        case .json:
            bytes.writeHistoryReplyEnd(position: position, gap: gap)
        case .protobuf:
            // Fields may come in any order, and in pieces.
            bytes.writeProtobuf {
                $0.write(FrameField.position, position)
                $0.write(FrameField.gap, gap)
            }
        }
    }
}
