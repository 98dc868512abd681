// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWebSocketCodec
import HibikiWire
import NIOCore

/// One connection that speaks the native protocol.
///
/// Documentation/protocol.md, "WebSocket", is what it does.
final class NativeSession: WebSocketApplication {
    static let subprotocols = NativeEncoding.allCases.map(\.subprotocol)

    let loop: TransportLoop
    let encoding: NativeEncoding
    let format: WireFormat
    /// Holds the driver that holds this, until the connection is closed.
    private(set) var socket: WebSocketDriver?
    var clientID: ClientID?
    let follower = TopicFollower()
    var gate = DeliveryGate()
    private(set) var principal: Principal
    private var clock: TokenClock?
    private var budget = ConnectionBudget()
    /// What the principal has left of its budgets; `nil` for nobody whom we know.
    private var principalBuckets: SharedBuckets?
    /// Tokens of this connection that were no good.
    private var badTokens: UInt8 = 0
    private static let mostBadTokens = 5
    /// Whether something has to be known before the next message may be looked at.
    private var pauses: UInt16 = 0
    /// Requests whose answers come later. Nothing else bounds what they will write.
    private var underWay: UInt16 = 0
    private static let mostUnderWay: UInt16 = 16

    var isReady: Bool { self.underWay < Self.mostUnderWay && self.pauses == 0 }

    init(loop: TransportLoop, acceptance: WebSocketHandshake.Acceptance, principal: Principal) {
        let encoding = NativeEncoding(subprotocol: acceptance.subprotocol)
        self.loop = loop
        self.encoding = encoding
        self.format = loop.formats.format(for: acceptance.agreement, encoding)
        self.principal = principal
        self.principalBuckets = loop.hub.budgets.buckets(of: principal, at: .now())
    }

    // MARK: The socket's events

    func opened(_ socket: WebSocketDriver) {
        self.socket = socket
        let id = self.loop.members.attach(self)
        self.clientID = id
        socket.connection.life.client = id
        self.send {
            self.encoding.writeWelcome(
                clientID: id.description, timestamp: self.loop.timestamp.milliseconds, principal: self.principal.id,
                to: &$0)
        }
        self.startClock()
        self.tellDoorkeeper { $0.saw($1, of: $2, at: $3) }
    }

    private func tellDoorkeeper(_ tell: (any Doorkeeper, PresenceDevice, Principal, Timestamp) -> Void) {
        guard let doorkeeper = self.loop.hub.access.doorkeeper, !self.principal.isAnonymous,
            let socket = self.socket
        else { return }
        tell(doorkeeper, .connection(socket.connection.id.bits), self.principal, self.loop.timestamp)
    }

    func received(text: consuming ByteBuffer) {
        guard self.encoding == .json else {
            self.socket?.close(.textNotSpoken)
            return
        }
        self.received(text)
    }

    func received(binary: ByteBuffer) {
        guard self.encoding == .protobuf else {
            self.socket?.close(.binaryNotSpoken)
            return
        }
        self.received(binary)
    }

    private func received(_ bytes: ByteBuffer) {
        let verdict = self.spend(Spending(messages: 1, bytes: bytes.readableBytes))
        do throws(WireError) {
            let message = try self.encoding.clientMessage(in: bytes)
            guard self.goesOn(verdict, id: message.id) else { return }
            do throws(WireError) {
                try self.handle(message)
            } catch {
                self.refuse(error, id: message.id)
            }
        } catch {
            guard self.goesOn(verdict, id: error.id) else { return }
            self.refuse(error, id: error.id)
        }
    }

    /// Requests that are under way are answered first.
    func shutDown(_ socket: WebSocketDriver, _ farewell: Farewell) {
        self.send {
            self.encoding.writeShutdown(message: Farewell.message, reconnectDelay: farewell.milliseconds, to: &$0)
        }
        self.endIfDone()
    }

    private func endIfDone() {
        guard let socket = self.socket, socket.connection.isLeaving, self.underWay == 0 else { return }
        socket.close(.restart)
    }

    func closed(_ code: WebSocketCloseCode) {
        self.tellDoorkeeper { $0.lost($1, of: $2, at: $3) }
        self.socket = nil
        self.follower.unfollowAll(loop: self.loop)
        self.clock?.stop()
        self.clock = nil
        if let id = self.clientID {
            self.loop.members.detach(id)
        }
    }

    // MARK: Budgets

    private func spend(_ spending: Spending) -> ConnectionBudget.Verdict {
        self.spend(spending, of: self.principalBuckets)
    }

    private func spend(_ spending: Spending, of principal: SharedBuckets?) -> ConnectionBudget.Verdict {
        let payers = Payers(principal: principal, address: self.socket?.connection.addressBuckets)
        return self.budget.spend(spending, with: payers, self.loop.hub.budgets, at: .now())
    }

    /// Whether somebody may begin another session, if this connection is nobody's so far.
    func mayBegin(_ principal: Principal, id: RequestID?) -> Bool {
        guard self.principal.isAnonymous else { return true }
        let buckets = self.loop.hub.budgets.buckets(of: principal, at: .now())
        return self.goesOn(self.spend(Spending(connects: 1), of: buckets), id: id)
    }

    /// Counts what a command costs beside being a message, and refuses it if that is too much.
    ///
    /// - Returns: whether it may go on.
    func spends(_ spending: Spending, id: RequestID?) -> Bool {
        self.goesOn(self.spend(spending), id: id)
    }

    /// Tells the client of a refusal: with the error, and, if that has not helped, with the end of the connection.
    private func goesOn(_ verdict: ConnectionBudget.Verdict, id: RequestID?) -> Bool {
        guard let refusal = verdict.refusal else { return true }
        self.refuse(refusal.wireError, id: id)
        if case .exhausted = verdict { self.socket?.close(.floods) }
        return false
    }

    /// A ping counts as a message, and nobody is told of one that is not answered.
    func answersPing(of bytes: Int) -> Bool {
        switch self.spend(Spending(messages: 1, bytes: bytes)) {
        case .granted:
            return true
        case .refused:
            return false
        case .exhausted:
            self.socket?.close(.floods)
            return false
        }
    }

    /// Whether another token may be looked at, or so many of this address were no good that nobody looks at it.
    func mayShowToken(id: RequestID?) -> Bool {
        let budgets = self.loop.hub.budgets
        let address = self.socket?.connection.addressBuckets
        guard let refusal = budgets.refusesTokens(of: address, at: .now()) else { return true }
        return self.goesOn(self.budget.refuse(refusal, budgets, at: .now()), id: id)
    }

    // MARK: Tokens

    /// Connections that may stay as long as they want have no clock.
    private func startClock() {
        let life = TokenLife(of: self.principal, from: self.loop.timestamp, self.loop.hub.access)
        guard life != nil || self.clock != nil else { return }
        let clock = self.clock ?? TokenClock(self.loop) { [unowned self] in self.tokenStep($0) }
        self.clock = clock
        clock.start(life)
    }

    private func tokenStep(_ step: TokenLife.Step) {
        switch step {
        case .wait: break
        case .askForToken(let time):
            self.send { self.encoding.writeTokenExpiring(timeLeft: time.milliseconds, to: &$0) }
        case .end: self.socket?.close(CloseReason(.expired))
        case .neverShown: self.socket?.close(CloseReason(.required))
        }
    }

    /// The client has shown a token that is good.
    func become(_ principal: Principal) throws(AuthenticationFailure) {
        guard self.principal.isAnonymous || self.principal.id == principal.id else { throw .otherPrincipal }
        self.principal = principal
        self.principalBuckets = self.loop.hub.budgets.buckets(of: principal, at: .now())
        self.startClock()
        self.tellDoorkeeper { $0.saw($1, of: $2, at: $3) }
    }

    /// The client has shown a token that is no good. What it had before stays, but nobody gets many guesses.
    func tokenFailed(_ failure: AuthenticationFailure, id: RequestID?) {
        self.refuse(failure.wireError, id: id)
        self.loop.hub.budgets.tokenFailed(failure, of: self.socket?.connection.addressBuckets, at: .now())
        guard !failure.mayRetry else { return }
        self.badTokens += 1
        if self.badTokens >= Self.mostBadTokens {
            self.socket?.close(CloseReason(.tooManyBadTokens))
        }
    }

    // MARK: Sending

    func send(_ body: (inout ByteBuffer) -> Void) {
        self.socket?.send(self.encoding.opcode, body)
    }

    func refuse(_ error: WireError, id: RequestID?) {
        var error = error
        error.id = id
        self.send { self.encoding.writeError(error, to: &$0) }
    }

    /// Answers a request that wants an answer.
    func reply(_ id: RequestID?, _ body: ReplyBody = .done) {
        guard let id else { return }
        self.send { self.encoding.writeReply(id: id, body, to: &$0) }
    }

    /// Says that a request is answered later, and returns how: what is handed to it runs on the connection's event loop, at
    /// once if this is it.
    func answerLater() -> @Sendable (@escaping @Sendable (NativeSession) -> Void) -> Void {
        self.underWay += 1
        let eventLoop = self.loop.eventLoop
        let session = NIOLoopBound(self, eventLoop: eventLoop)
        return { body in
            if eventLoop.inEventLoop {
                session.value.finish(body)
            } else {
                eventLoop.execute { session.value.finish(body) }
            }
        }
    }

    /// Has nothing more read until what is handed to the result has run, on the connection's event loop: what comes after a
    /// message may depend on what came of it.
    func pause() -> @Sendable (@escaping @Sendable (NativeSession) -> Void) -> Void {
        self.pauses += 1
        let eventLoop = self.loop.eventLoop
        let session = NIOLoopBound(self, eventLoop: eventLoop)
        return { body in
            eventLoop.execute { session.value.goOn(body) }
        }
    }

    private func goOn(_ body: (NativeSession) -> Void) {
        self.pauses -= 1
        guard let socket = self.socket else { return }
        body(self)
        socket.connection.flushAndProceed()
    }

    private func finish(_ body: (NativeSession) -> Void) {
        self.underWay -= 1
        body(self)
        if self.underWay == Self.mostUnderWay - 1 {
            self.socket?.connection.proceed()
        }
        self.endIfDone()
    }
}

@available(*, unavailable)
extension NativeSession: Sendable {}
