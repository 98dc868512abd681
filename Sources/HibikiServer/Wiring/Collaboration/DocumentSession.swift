// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import DequeModule
import HibikiCollaboration
import HibikiMessaging
import HibikiTransports
import HibikiWebSocketCodec
import HibikiWire
import NIOCore

/// One connection that edits a document, in whichever protocol. Bound to its event loop.
///
/// What of it differs between protocols is a ``DocumentDialect``. Nothing of what it sends or is to get is ever dropped, because its document
/// would differ from everybody else's from then on: who sends too much is left waiting, and who reads too little is put out and begins anew
/// with what it has.
final class DocumentSession: WebSocketApplication {
    /// Frames that were handed in and are not dealt with.
    private static let mostUnderWay = 32
    /// Bytes that wait behind a queue that is full: whoever has asked for a long document reads for a while, and others go on writing.
    private static let mostWaiting = 4 << 20

    private let name: DocumentName
    private let dialect: any DocumentDialect
    private let service: DocumentService
    private let loop: TransportLoop
    private let principal: Principal
    /// Holds the driver that holds this, until the connection is closed.
    private var socket: WebSocketDriver?
    private var peer: SessionPeer?
    private var seat: DocumentSeat?
    private var subscription: Subscription?
    private var clock: TokenClock?
    private var budget = ConnectionBudget()
    private var underWay = 0
    /// Whether the client is left waiting because it has sent too much.
    private var isSlowedDown = false
    /// Frames that find no room in the queue yet, in their order.
    private var waiting: Deque<ByteBuffer> = []
    private var waitingBytes = 0

    let clientID: ClientID? = nil

    var isReady: Bool { self.seat != nil && !self.isSlowedDown && self.underWay < Self.mostUnderWay }

    init(
        _ name: DocumentName, _ dialect: any DocumentDialect, service: DocumentService, loop: TransportLoop,
        principal: Principal
    ) {
        self.name = name
        self.dialect = dialect
        self.service = service
        self.loop = loop
        self.principal = principal
    }

    // MARK: Opening

    func opened(_ socket: WebSocketDriver) {
        self.socket = socket
        self.startClock()
        let access = DocumentRights(self.loop.hub.access)
        let (name, principal) = (self.name, self.principal)
        let session = NIOLoopBound(self, eventLoop: self.loop.eventLoop)
        let eventLoop = self.loop.eventLoop
        Task {
            let rights = await access.level(of: principal, on: name, at: .now())
            eventLoop.execute { session.value.enter(rights) }
        }
    }

    private func enter(_ rights: Result<DocumentAccess, WireError>) {
        guard let socket = self.socket, socket.isOpen else { return }
        do throws(WireError) {
            let access = try rights.get()
            guard access >= .read else { throw WireError(.permissionDenied, "you may not read this document") }
            let (subscription, _) = self.loop.members.subscribe(
                self, to: self.name.framesTopic, from: .latest, limit: 0, at: self.loop.timestamp)
            self.subscription = subscription
            let peer = SessionPeer(self, on: self.loop.eventLoop)
            self.peer = peer
            self.seat = try self.dialect.open(self.name, of: self.service, for: peer, access)
            socket.connection.proceed()
        } catch {
            self.refuse(error)
        }
    }

    /// Tells the client in words, and then in the code of the end.
    private func refuse(_ error: WireError) {
        guard let socket = self.socket else { return }
        if error.code == .permissionDenied, let frame = self.dialect.denial(error.message) {
            socket.send(self.dialect.opcode, payload: ByteBuffer(bytes: frame))
        }
        socket.close(CloseReason(document: error))
        socket.connection.flushAndProceed()
    }

    private func startClock() {
        guard let life = TokenLife(of: self.principal, from: self.loop.timestamp, self.loop.hub.access) else { return }
        let clock = TokenClock(self.loop) { [unowned self] step in
            switch step {
            case .wait, .askForToken: break
            // The client comes back with another one in its address.
            case .end: self.socket?.close(CloseReason(.expired))
            case .neverShown: self.socket?.close(CloseReason(.required))
            }
        }
        self.clock = clock
        clock.start(life)
    }

    // MARK: Messages

    func received(text: consuming ByteBuffer) {
        guard self.dialect.opcode == .text else {
            self.socket?.close(.textNotSpoken)
            return
        }
        self.take(text)
    }

    func received(binary: ByteBuffer) {
        guard self.dialect.opcode == .binary else {
            self.socket?.close(.binaryNotSpoken)
            return
        }
        self.take(binary)
    }

    private func take(_ frame: ByteBuffer) {
        self.underWay += 1
        self.seat?.receive(Array(frame.readableBytesView))
        self.slowDown(Spending(messages: 1, bytes: frame.readableBytes))
    }

    private func slowDown(_ spending: Spending) {
        let budgets = self.loop.hub.budgets
        let payers = Payers(
            principal: budgets.buckets(of: self.principal, at: .now()),
            address: self.socket?.connection.addressBuckets)
        let wait = self.budget.wait(spending, with: payers, budgets, at: .now())
        guard wait > .zero else { return }
        self.isSlowedDown = true
        let session = NIOLoopBound(self, eventLoop: self.loop.eventLoop)
        self.loop.eventLoop.scheduleTask(in: TimeAmount(wait)) {
            session.value.isSlowedDown = false
            session.value.socket?.connection.proceed()
        }
    }

    func answersPing(of bytes: Int) -> Bool {
        self.slowDown(Spending(messages: 1, bytes: bytes))
        return true
    }

    // MARK: The room

    /// What the room has for this client alone.
    func answer(_ frames: [[UInt8]], handled: Int) {
        self.underWay -= handled
        guard let socket = self.socket else { return }
        for frame in frames {
            var bytes = ByteBuffer()
            bytes.writeWebSocketFrame(self.dialect.opcode, payload: ByteBuffer(bytes: frame))
            self.send(bytes, on: socket)
        }
        socket.connection.flushAndProceed()
    }

    /// Sends a whole frame, or several. What is for everybody is held once, however many wait for it.
    private func send(_ frames: ByteBuffer, on socket: WebSocketDriver) {
        guard socket.isOpen else { return }
        if self.waiting.isEmpty, socket.connection.isWritable {
            socket.send(sharedFrames: frames, count: 1)
        } else if self.waiting.isEmpty || self.waitingBytes + frames.readableBytes <= Self.mostWaiting {
            self.waiting.append(frames)
            self.waitingBytes += frames.readableBytes
        } else {
            self.forgetWaiting()
            socket.close(.slowReader)
        }
    }

    private func forgetWaiting() {
        self.waiting = []
        self.waitingBytes = 0
    }

    func becameWritable() {
        guard let socket = self.socket else { return }
        while socket.isOpen, socket.connection.isWritable, let frames = self.waiting.popFirst() {
            self.waitingBytes -= frames.readableBytes
            socket.send(sharedFrames: frames, count: 1)
        }
    }

    func end(_ reason: DocumentEnd) {
        self.leave()
        guard let socket = self.socket else { return }
        socket.close(CloseReason(reason))
        socket.connection.flushAndProceed()
    }

    private func leave() {
        self.seat?.leave()
        self.seat = nil
        self.peer = nil
        if let subscription = self.subscription { self.loop.members.unsubscribe(subscription) }
        self.subscription = nil
    }

    func closed(_ code: WebSocketCloseCode) {
        self.leave()
        self.clock?.stop()
        self.clock = nil
        self.socket = nil
        self.forgetWaiting()
    }

    func describe(in record: inout ConnectionRecord) {
        record.principal = self.principal.id
        record.topics = [self.name.topic]
    }

    /// Whoever runs the server puts the client out of the document.
    func unsubscribe(from topic: Topic) -> Bool {
        guard topic == self.name.topic else { return false }
        self.refuse(WireError(.permissionDenied, "you were taken out of this document"))
        return true
    }
}

extension DocumentSession: Subscriber {
    func deliver(_ batch: DeliveryBatch, of subscription: Subscription) {}

    func receive(_ delivery: SignalDelivery) {
        guard let socket = self.socket else { return }
        self.send(delivery.bytes(in: self.dialect.format), on: socket)
    }

    func evict(_ principal: String, from topic: Topic) {
        guard topic == self.name.topic, self.principal.isCalled(principal) else { return }
        _ = self.unsubscribe(from: topic)
    }
}

@available(*, unavailable)
extension DocumentSession: Sendable {}

/// The session, as its room sees it from other threads.
final class SessionPeer: DocumentPeer {
    private let session: NIOLoopBound<DocumentSession>
    private let eventLoop: any EventLoop

    init(_ session: DocumentSession, on eventLoop: any EventLoop) {
        self.session = NIOLoopBound(session, eventLoop: eventLoop)
        self.eventLoop = eventLoop
    }

    func answer(_ frames: [[UInt8]], handled: Int) {
        self.eventLoop.execute { self.session.value.answer(frames, handled: handled) }
    }

    func end(_ reason: DocumentEnd) {
        self.eventLoop.execute { self.session.value.end(reason) }
    }
}
