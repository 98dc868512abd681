// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import DequeModule
package import HibikiMessaging
package import HibikiSocketIOCodec
import HibikiTransports
import NIOCore
import Synchronization

/// One Engine.IO session: whatever carries it at the moment, and what waits to be sent.
///
/// Its state is one value under one lock. What is decided under the lock is carried out after it, and bytes of a WebSocket are
/// written on that socket's event loop only, so their order is the order of the queue.
package final class EngineSession: EngineConnection {
    struct State {
        var machine: EngineTransportMachine
        var heartbeat: EngineHeartbeat
        var application: (any EngineApplication)?
        var queue: Deque<Outgoing> = []
        var queuedBytes = 0
        var poll: NIOLoopBound<PollRequest>?
        var post: NIOLoopBound<PostRequest>?
        var candidate: NIOLoopBound<EngineSocket>?
        var socket: NIOLoopBound<EngineSocket>?
        var loopNumber: Int
        /// The stamps of the latest poll and post, and what the poll was answered with.
        var repeats = RepeatedRequests()
        /// Somebody writes the queue to the WebSocket, or will.
        var isDraining = false
        /// The server is about to stop, and the application has been told.
        var isRestarting = false
        /// What is queued waits for the close packet, to go out with it in one answer: a client that polls may not get to ask again.
        var isHeldForClose = false
        /// When the clock was told to call.
        var armed: NIODeadline?

        /// Whether the queue may be passed by: what is written now is next.
        var isDirect: Bool { self.socket != nil && self.queue.isEmpty && !self.isDraining }

        /// Whether a WebSocket is the one that may take over. One that was dropped still speaks, or ends, when another is trying. On
        /// its event loop.
        func isCandidate(_ socket: EngineSocket) -> Bool {
            guard let candidate = self.candidate, candidate.eventLoop.inEventLoop else { return false }
            return candidate.value === socket
        }
    }

    /// What waits to be sent.
    enum Outgoing: Sendable {
        case packet(EnginePacket)
        case message(EngineMessage)

        var cost: Int {
            switch self {
            case .packet(let packet): packet.payload.readableBytes + 64
            case .message(let message): message.cost
            }
        }
    }

    package let id: String
    package let version: EngineVersion
    package let request: EngineRequest
    package let addressBuckets: SharedBuckets?
    let configuration: EngineConfiguration
    let isBase64: Bool
    let state: Mutex<State>
    private let loop: EngineLoop
    private let clock: NIOLoopBound<SessionDeadline>
    private let started: @Sendable (EngineSession) -> Void
    private let ended: @Sendable (EngineSession) -> Void

    /// To be called on the event loop.
    init(
        id: String, version: EngineVersion, request: EngineRequest, addressBuckets: SharedBuckets?,
        transport: EngineTransport, isBase64: Bool,
        configuration: EngineConfiguration, loop: EngineLoop, started: @escaping @Sendable (EngineSession) -> Void,
        ended: @escaping @Sendable (EngineSession) -> Void
    ) {
        self.id = id
        self.version = version
        self.request = request
        self.addressBuckets = addressBuckets
        self.configuration = configuration
        self.isBase64 = isBase64
        self.loop = loop
        self.started = started
        self.ended = ended
        self.clock = NIOLoopBound(SessionDeadline(), eventLoop: loop.eventLoop)
        let heartbeat = EngineHeartbeat(
            version: version, pingInterval: configuration.pingInterval, pingTimeout: configuration.pingTimeout,
            at: .now()
        )
        let machine = EngineTransportMachine(startingOn: transport)
        self.state = Mutex(State(machine: machine, heartbeat: heartbeat, loopNumber: loop.number))
        self.clock.value.session = self
    }

    package var transportName: String { self.transport.rawValue }
    package var isSilent: Bool {
        self.state.withLock { state in
            state.heartbeat.isAwaitingPong || state.socket == nil && state.poll == nil && state.post == nil
        }
    }
    package var loopNumber: Int { self.state.withLock { $0.loopNumber } }
    private var transport: EngineTransport { self.state.withLock { $0.machine.transport } }
    var verified: EngineVerification.Session? {
        self.state.withLock { state in
            guard !state.machine.isClosed else { return nil }
            return EngineVerification.Session(transport: state.machine.transport, version: self.version)
        }
    }

    /// The handshake, and what is sent right after it.
    var opening: [Outgoing] {
        let canUpgrade = self.configuration.allowsUpgrades && self.transport == .polling
        let handshake = EngineHandshake(
            sid: self.id,
            upgrades: canUpgrade && self.configuration.transports.contains(.websocket) ? [.websocket] : [],
            pingInterval: self.configuration.pingInterval, pingTimeout: self.configuration.pingTimeout,
            maxPayload: self.configuration.maxPayload
        )
        let first = self.configuration.initialPacket.map { [Outgoing.packet(.message(text: $0))] } ?? []
        return [.packet(handshake.packet)] + first
    }

    /// Begins on a WebSocket, which says the first word. On its event loop.
    func begin(on socket: NIOLoopBound<EngineSocket>) {
        for item in self.opening {
            socket.value.send(item)
        }
        self.state.withLock { $0.socket = socket }
        self.started(self)
        socket.value.becomeCarrier()
    }

    /// Gives the session the one that speaks in it, unless it has ended in the meantime.
    func start(_ application: any EngineApplication) {
        let isOver = self.state.withLock { state in
            if !state.machine.isClosed { state.application = application }
            return state.machine.isClosed
        }
        guard !isOver else { return application.closed(.forcedClose, description: nil) }
        self.rearm()
    }

    var application: (any EngineApplication)? { self.state.withLock { $0.application } }

    // MARK: Time

    func deadlinePassed(at now: NIODeadline) {
        let (beat, action) = self.state.withLock { state in
            state.armed = nil
            return (state.heartbeat.tick(at: now), state.machine.tick(at: now))
        }
        switch beat {
        case .wait: break
        case .ping: self.enqueue(.packet(EnginePacket(.ping)), isVolatile: false)
        case .timeOut: self.fail(.pingTimeout)
        }
        switch action {
        case .wait: break
        case .answerPollWithNoop: self.takePoll()?.answer([.packet(EnginePacket(.noop))])
        case .dropCandidate: self.takeCandidate()?.close()
        case .end(let ending): self.finish(ending)
        }
        let application = self.application
        if let deadline = application?.deadline, deadline <= now {
            application?.deadlinePassed(at: now)
        }
        self.rearm()
    }

    /// Does what is due, before a request is answered as if it were not.
    func catchUp(at now: NIODeadline) {
        if self.state.withLock({ $0.heartbeat.deadline <= now }) {
            self.deadlinePassed(at: now)
        }
    }

    package func deadlineChanged() {
        self.rearm()
    }

    /// Sets the clock to the first of all deadlines, if it is not set to an earlier time.
    func rearm() {
        let wanted = self.application?.deadline
        let time = self.state.withLock { state -> NIODeadline? in
            guard !state.machine.isClosed else { return nil }
            let deadlines = [state.heartbeat.deadline, state.machine.deadline, wanted].compactMap { $0 }
            guard let next = deadlines.min(), next < state.armed ?? .distantFuture else { return nil }
            state.armed = next
            return next
        }
        if let time {
            self.loop.set(time, for: self.clock)
        }
    }

    // MARK: Ends

    /// The server is about to stop. A second call does nothing.
    func shutDown(_ farewell: Farewell) {
        let (isFirst, application) = self.state.withLock { state in
            defer {
                state.isHeldForClose = !state.isRestarting && state.socket == nil
                state.isRestarting = true
            }
            return (!state.isRestarting, state.application)
        }
        guard isFirst else { return }
        switch application?.shutDown(farewell) {
        case .atOnce: break
        case .later: self.release()
        case .some(.none), nil: self.close(discarding: false)
        }
    }

    /// Whoever runs the server wants it to end.
    func dismiss(_ dismissal: Dismissal) {
        guard !(self.application?.dismiss(dismissal) ?? false) else { return }
        self.close(discarding: false)
    }

    package func close(discarding: Bool) {
        let action = self.state.withLock { $0.machine.close(at: .now(), discarding: discarding) }
        switch action {
        case .end(let ending): self.finish(ending, discarding: discarding)
        case .waitForPoll: self.rearm()
        case .ignore: break
        }
    }

    func fail(_ reason: EngineCloseReason, _ description: String? = nil) {
        if let ending = self.state.withLock({ $0.machine.failed(reason) }) {
            self.finish(ending, description: description)
        }
    }

    /// Carries out the end that the machine has decided.
    func finish(_ ending: EngineTransportMachine.Ending, description: String? = nil, discarding: Bool = false) {
        let last = self.state.withLock { state in
            defer {
                state.application = nil
                state.queue = []
                state.queuedBytes = 0
                (state.poll, state.post, state.candidate, state.socket) = (nil, nil, nil, nil)
            }
            return state
        }
        switch ending.poll {
        case .closePacket: last.poll?.answer(Array(last.queue) + [.packet(EnginePacket(.close))])
        case .noop: last.poll?.answer([.packet(EnginePacket(.noop))])
        case nil: break
        }
        if ending.refusesPost {
            last.post?.refuse()
        }
        if ending.closesCandidate {
            last.candidate?.close()
        }
        if ending.closesWebSocket {
            let goesOut = ending.reason == .forcedClose && !discarding
            last.socket?.close(after: goesOut ? Array(last.queue) : [], isRestart: last.isRestarting)
        }
        self.loop.remove(self.clock)
        self.ended(self)
        last.application?.closed(ending.reason, description: description)
    }

    func takePoll() -> NIOLoopBound<PollRequest>? {
        self.state.withLock { state in
            defer { state.poll = nil }
            return state.poll
        }
    }

    func takeCandidate() -> NIOLoopBound<EngineSocket>? {
        self.state.withLock { state in
            defer { state.candidate = nil }
            return state.candidate
        }
    }
}
