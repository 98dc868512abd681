// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire
import NIOCore

/// A connection that reads the log without end: Server-Sent Events.
final class EventStreamRole: ConnectionRole {
    private static let headFields = [
        (name: "Content-Type", value: "text/event-stream"), (name: "Cache-Control", value: "no-cache"),
        // nginx would collect events in its buffers otherwise.
        (name: "X-Accel-Buffering", value: "no"),
    ]

    private let connection: Connection
    private let format: EventStreamFormat
    private(set) var clientID: ClientID?
    private let follower = TopicFollower()
    private var gate = DeliveryGate()
    private var clock: TokenClock?
    private var principal = Principal.anonymous

    var kind: ConnectionKind? { .eventStream }

    init(format: EventStreamFormat, connection: Connection) {
        self.format = format
        self.connection = connection
    }

    private var loop: TransportLoop { self.connection.loop }
    private var position: String { self.follower.position(alone: self.format.hasID) }

    // MARK: Beginning

    func begin(_ request: EventsRequest, _ exchange: HTTPExchange, _ principal: Principal) {
        self.writeHead(exchange)
        guard !exchange.isHead else {
            self.connection.closeGracefully()
            return
        }
        self.connection.become(self)
        self.connection.setDeadline(after: self.loop.configuration.events.heartbeat)
        let id = self.loop.members.attach(self)
        self.clientID = id
        self.connection.life.client = id
        var left: [String] = []
        for topic in request.topics {
            let joined = self.follower.follow(topic, from: request.start(for: topic), loop: self.loop)
            if joined.isGap {
                left.append(topic.name)
            }
        }
        self.write { $0.writeServerSentRetry(milliseconds: self.retry) }
        self.write { bytes in
            var data = ByteBuffer()
            data.writeConnectedData(clientID: id.description)
            bytes.writeServerSentEvent(id: self.position, event: "connected", data: data)
        }
        if !left.isEmpty {
            self.writeGap(left)
        }
        self.catchUp()
        self.startClock(principal)
        self.tellDoorkeeper { $0.saw($1, of: $2, at: $3) }
    }

    private func tellDoorkeeper(_ tell: (any Doorkeeper, PresenceDevice, Principal, Timestamp) -> Void) {
        guard let doorkeeper = self.loop.hub.access.doorkeeper, !self.principal.isAnonymous else { return }
        tell(doorkeeper, .connection(self.connection.id.bits), self.principal, self.loop.timestamp)
    }

    /// A stream has no way to show another token: it ends with the one that it began with.
    private func startClock(_ principal: Principal) {
        self.principal = principal
        let access = self.loop.hub.access
        guard let life = TokenLife(of: principal, from: self.loop.timestamp, access, mayRefresh: false) else { return }
        let clock = TokenClock(self.loop) { [unowned self] step in
            switch step {
            case .wait, .neverShown: break
            case .askForToken(let time): self.writeTokenExpiring(time)
            case .end: self.end()
            }
        }
        self.clock = clock
        clock.start(life)
    }

    /// With jitter, so that the readers of a server that restarts do not all come back at the same moment.
    private var retry: Int {
        let base = self.loop.configuration.events.retry.nanoseconds / 1_000_000
        return Int(base) + Int.random(in: 0...1_000)
    }

    private func writeHead(_ exchange: HTTPExchange) {
        let framing = exchange.openFraming
        let head = ResponseHead(
            status: 200, fields: Self.headFields, extraFields: exchange.extraFields, framing: framing,
            persistence: framing == .end ? .close : .keepAlive
        )
        self.connection.write(head)
    }

    // MARK: Writing

    private func write(_ body: (inout ByteBuffer) -> Void) {
        self.connection.write { self.format.write(to: &$0, body) }
    }

    private func write(_ publication: Publication) {
        self.connection.life.messagesOut &+= 1
        self.follower.advance(publication.topic, to: publication.position)
        self.write { bytes in
            if !self.format.hasID {
                bytes.writeString("id: \(self.position)\n")
            }
            self.format.write(publication, to: &bytes)
        }
    }

    private func writeGap(_ topics: [String]) {
        self.write { bytes in
            var data = ByteBuffer()
            data.writeGapData(topics: topics)
            bytes.writeServerSentEvent(id: self.position, event: "gap", data: data)
        }
    }

    private func writeTokenExpiring(_ time: Duration) {
        self.write { bytes in
            var data = ByteBuffer()
            data.writeTokenExpiring(timeLeft: time.milliseconds, type: false)
            bytes.writeServerSentEvent(event: "token:expiring", data: data)
        }
    }

    private func catchUp() {
        guard self.follower.isBehind else { return }
        self.follower.catchUp(self, loop: self.loop) {
            self.connection.isWritable
        } emit: { publication in
            self.write(publication)
        } gap: { topic, position in
            self.follower.advance(topic, to: position)
            self.writeGap([topic.name])
        }
    }

    private func end() {
        if self.format.isChunked {
            self.connection.write { $0.writeStaticString("0\r\n\r\n") }
        }
        self.connection.closeGracefully()
    }

    // MARK: The connection's events

    /// A client has nothing to say on an event stream.
    func receive(_ input: inout ByteBuffer, on connection: Connection) {
        input.moveReaderIndex(to: input.writerIndex)
    }

    func inputClosed(on connection: Connection) {
        connection.close()
    }

    func deadlinePassed(on connection: Connection) {
        guard connection.hasProgressed() else {
            connection.close()
            return
        }
        if connection.isWritable {
            self.write { $0.writeServerSentComment() }
        }
        connection.setDeadline(after: self.loop.configuration.events.heartbeat)
    }

    func becameWritable(on connection: Connection) {
        for publication in self.gate.takeWaiting() {
            self.write(publication)
        }
        self.catchUp()
    }

    func shutDown(_ farewell: Farewell, on connection: Connection) {
        self.write { bytes in
            var data = ByteBuffer()
            data.writeShutdown(message: Farewell.message, reconnectDelay: farewell.milliseconds, type: false)
            bytes.writeServerSentRetry(milliseconds: Int(farewell.milliseconds))
            bytes.writeServerSentEvent(event: "server:shutdown", data: data)
        }
        self.end()
    }

    func describe(in record: inout ConnectionRecord) {
        record.principal = self.principal.id
        record.topics = self.follower.topics
    }

    func dismiss(_ dismissal: Dismissal, on connection: Connection) {
        self.write { bytes in
            var data = ByteBuffer()
            data.writeDisconnectData(
                code: dismissal.code, message: dismissal.reason, retry: dismissal.invitesBack)
            bytes.writeServerSentEvent(event: "server:disconnect", data: data)
        }
        connection.life.closes(with: dismissal.code)
        self.end()
    }

    /// A stream that has nothing left to say ends.
    func unsubscribe(from topic: Topic, on connection: Connection) -> Bool {
        guard self.follower.follows(topic) else { return false }
        self.follower.unfollow(topic, loop: self.loop)
        self.gate.forget(topic)
        self.write { bytes in
            var data = ByteBuffer()
            data.writeUnsubscribed(topic: topic.name, type: false)
            bytes.writeServerSentEvent(event: "unsubscribed", data: data)
        }
        if self.follower.count == 0 { self.end() }
        return true
    }

    func left(_ connection: Connection) {
        self.tellDoorkeeper { $0.lost($1, of: $2, at: $3) }
        self.clock?.stop()
        self.clock = nil
        self.follower.unfollowAll(loop: self.loop)
        if let id = self.clientID {
            self.loop.members.detach(id)
        }
    }
}

extension EventStreamRole: Subscriber {
    func deliver(_ batch: DeliveryBatch, of subscription: Subscription) {
        switch self.gate.verdict(batch, hasRoom: self.connection.isWritable) {
        case .write:
            if self.format.hasID {
                self.connection.life.messagesOut &+= UInt64(batch.publications.count)
                self.connection.write(shared: batch.bytes(in: self.format.wireFormat))
            } else {
                for publication in batch.publications {
                    self.write(publication)
                }
            }
        case .skip:
            self.loop.counters.drop(batch)
        case .tooSlow:
            // An EventSource comes back by itself, with the id of the last event that it got.
            self.loop.counters.drops.slowStreams += 1
            self.connection.close()
        }
    }

    func evict(_ principal: String, from topic: Topic) {
        guard self.principal.isCalled(principal), self.unsubscribe(from: topic, on: self.connection) else { return }
        self.connection.flushAndProceed()
    }

    func receive(_ delivery: SignalDelivery) {
        guard delivery.signal.isForStreams else { return }
        guard self.connection.isWritable else {
            self.loop.counters.drops.signals += 1
            return
        }
        self.connection.write(shared: delivery.bytes(in: self.format.wireFormat))
    }
}

extension Signal {
    /// Broadcasts go from WebSocket to WebSocket, and what has no name goes from one part of the server to another.
    fileprivate var isForStreams: Bool {
        switch self.kind {
        case .broadcast: false
        case .direct: true
        case .topic: self.event != nil
        }
    }
}

@available(*, unavailable)
extension EventStreamRole: Sendable {}
