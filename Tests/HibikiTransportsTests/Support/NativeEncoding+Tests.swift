// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Foundation
import HibikiProtobuf
import HibikiWebSocketCodec
import HibikiWire
import NIOCore
import SwiftProtobuf
import Testing

@testable import HibikiTransports

/// Runs each test twice: once over sockets that speak `hibiki.json`, and once over `hibiki.protobuf`, with JSON translated by the code
/// that protoc has generated. So a test says in JSON what holds in both.
struct EveryEncoding: TestTrait, SuiteTrait, TestScoping {
    let isRecursive = true

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        for encoding in NativeEncoding.allCases {
            try await NativeEncoding.$ofTests.withValue(encoding) { try await function() }
        }
    }
}

extension Trait where Self == EveryEncoding {
    static var everyEncoding: Self { EveryEncoding() }
}

extension NativeEncoding {
    /// What the sockets of a test speak.
    @TaskLocal static var ofTests = NativeEncoding.json

    /// The line of a handshake that asks for it.
    var offer: String {
        switch self {
        case .json: ""
        case .protobuf: "Sec-WebSocket-Protocol: hibiki.protobuf\r\n"
        }
    }

    /// A client's message, from JSON. What is none goes out as it is.
    func message(_ json: String) -> ByteBuffer {
        let text = ByteBuffer(string: json)
        guard self == .protobuf, let message = try? ClientMessage(parsing: text),
            let bytes: [UInt8] = try? WebSocketFrame(message).serializedBytes()
        else { return text }
        return ByteBuffer(bytes: bytes)
    }
}

/// One client's view of its socket, in JSON whatever travels.
struct NativeTranslator {
    let encoding = NativeEncoding.ofTests
    /// What was asked: a reply does not say what it is to, and one without events may be to a publication or to `history`.
    private var histories: Set<RequestID> = []

    mutating func sends(_ json: String) {
        guard let message = try? ClientMessage(parsing: ByteBuffer(string: json)), let id = message.id else { return }
        if case .history = message.command { self.histories.insert(id) } else { self.histories.remove(id) }
    }

    /// What came from the server, as JSON where it was Protocol Buffers.
    func received(_ event: WebSocketEvent) throws -> WebSocketEvent {
        guard self.encoding == .protobuf, case .binary(let bytes) = event else { return event }
        let frame = try WebSocketFrame(serializedBytes: Array(buffer: bytes))
        #expect(frame.unknownFields.data.isEmpty)
        return .text(frame.json(self.histories))
    }
}

extension WebSocketFrame {
    init(_ message: ClientMessage) {
        self.init()
        switch message.id {
        case .number(let number): self.number = number
        case .string(let key): self.key = key
        case nil: break
        }
        switch message.command {
        case .connect(let token):
            (self.type, self.token) = (.connect, token)
        case .subscribe(let topic, let since):
            (self.type, self.topic) = (.subscribe, topic)
            if let since { self.since = since }
        case .unsubscribe(let topic):
            (self.type, self.topic) = (.unsubscribe, topic)
        case .publish(let topic, let event, let payload):
            (self.type, self.topic, self.event, self.text) = (.publish, topic, event, payload)
        case .broadcast(let payload):
            (self.type, self.text) = (.broadcast, payload)
        case .direct(let targetID, let payload):
            (self.type, self.targetID, self.text) = (.direct, targetID, payload)
        case .history(let topic, let since, let limit):
            (self.type, self.topic) = (.history, topic)
            if let since { self.since = since }
            if let limit { self.limit = Int64(limit) }
        case .presence(let topic):
            (self.type, self.topic) = (.presence, topic)
        case .ping:
            self.type = .ping
        case .feature(_, let command, let payload):
            (self.type, self.command, self.text) = (.chat, command, payload)
        }
    }

    /// What the server would have said in JSON.
    fileprivate func json(_ histories: Set<RequestID>) -> ByteBuffer {
        var text = ByteBuffer()
        switch self.type {
        case .event:
            text.writeEventMessage(
                EventFields(
                    topic: self.topic, position: self.position.isEmpty ? nil : self.position, event: self.event,
                    payload: self.text,
                    from: self.hasFrom ? self.from : nil, timestamp: self.timestamp), type: true)
        case .welcome:
            text.writeWelcome(clientID: self.clientID, timestamp: self.timestamp, principal: self.knownPrincipal)
        case .reply:
            self.writeReply(histories, to: &text)
        case .presence:
            text.writePresence(id: self.requestID, topic: self.topic, count: Int(self.count), clients: self.clients)
        case .error:
            #expect(self.retry == WireErrorCode(rawValue: self.code).mayRetry)
            text.writeError(
                WireError(
                    WireErrorCode(rawValue: self.code), self.message, id: self.requestID,
                    retryAfter: self.hasRetryAfter ? self.retryAfter : nil))
        case .gap:
            text.writeGap(topic: self.topic, position: self.position)
        case .pong:
            text.writePong(timestamp: self.timestamp)
        case .broadcast:
            text.writeBroadcast(from: self.from, payload: self.text, timestamp: self.timestamp)
        case .direct:
            text.writeDirect(from: self.from, payload: self.text, timestamp: self.timestamp)
        case .unsubscribed:
            text.writeUnsubscribed(topic: self.topic)
        case .tokenExpiring:
            text.writeTokenExpiring(timeLeft: self.timeLeft)
        case .shutdown:
            text.writeShutdown(message: self.message, reconnectDelay: self.reconnectDelay)
        default:
            Issue.record("a server does not say \(self.type)")
        }
        return text
    }

    private func writeReply(_ histories: Set<RequestID>, to text: inout ByteBuffer) {
        guard let id = self.requestID else {
            Issue.record("a reply without an id")
            return
        }
        guard histories.contains(id) else {
            text.writeReply(id: id, self.replyBody)
            return
        }
        text.writeHistoryReplyBegin(id: id)
        for (index, event) in self.events.enumerated() {
            text.writeListedEvent(EventFields(event), isFirst: index == 0)
        }
        text.writeHistoryReplyEnd(position: self.position, gap: self.gap)
    }

    private var replyBody: ReplyBody {
        if !self.result.isEmpty { return .result(ByteBuffer(bytes: self.result)) }
        if self.hasDelivered { return .delivered(self.delivered) }
        if let principal = self.knownPrincipal {
            return .connected(principal: principal, expiresAt: self.hasExpiresAt ? self.expiresAt : nil)
        }
        if !self.topic.isEmpty {
            return .subscribed(topic: self.topic, position: self.position, gap: self.gap)
        }
        return self.position.isEmpty ? .done : .published(position: self.position, duplicate: self.duplicate)
    }

    private var knownPrincipal: String? { self.principal.isEmpty ? nil : self.principal }

    private var text: ByteBuffer {
        get { ByteBuffer(bytes: self.payload) }
        set { self.payload = Data(newValue.readableBytesView) }
    }

    private var requestID: RequestID? {
        switch self.id {
        case .number(let number): .number(number)
        case .key(let key): .string(key)
        case nil: nil
        }
    }
}

extension EventFields {
    fileprivate init(_ event: Event) {
        self.init(
            topic: event.topic, position: event.position.isEmpty ? nil : event.position, event: event.event,
            payload: ByteBuffer(bytes: event.payload), from: event.hasFrom ? event.from : nil,
            timestamp: event.timestamp)
    }
}
