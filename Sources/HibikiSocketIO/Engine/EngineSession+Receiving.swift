// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import NIOCore
import Synchronization

extension EngineSession {
    /// Handles a packet of the client, on whatever thread its transport has brought it.
    func receive(_ packet: EnginePacket) {
        switch packet.kind {
        case .message:
            guard let application = self.openApplication else { return }
            if packet.isBinary {
                application.received(binary: packet.payload)
            } else {
                application.received(text: packet.payload)
            }
        case .ping:
            switch self.state.withLock({ $0.heartbeat.receivedPing(at: .now()) }) {
            case .answer: self.enqueue(.packet(EnginePacket(.pong)), isVolatile: false)
            case .refuse: self.fail(.transportError, "invalid heartbeat direction")
            }
            self.rearm()
        case .pong:
            if self.state.withLock({ $0.heartbeat.receivedPong(at: .now()) }) == .refuse {
                self.fail(.transportError, "invalid heartbeat direction")
            }
            self.rearm()
        case .close:
            if let ending = self.state.withLock({ $0.machine.clientClosed() }) {
                self.finish(ending)
            }
        case .open, .upgrade, .noop:
            break
        }
    }

    private var openApplication: (any EngineApplication)? {
        self.state.withLock { $0.machine.isOpen ? $0.application : nil }
    }

    var isReady: Bool { self.application?.isReady ?? true }

    package func proceed() {
        let (post, socket) = self.state.withLock { ($0.post, $0.socket) }
        post?.proceed()
        socket?.proceed()
    }

    // MARK: Polling

    /// A GET has come.
    func poll(_ request: PollRequest, on eventLoop: any EventLoop) {
        let bound = NIOLoopBound(request, eventLoop: eventLoop)
        guard !self.answersRepeated(request, bound) else { return }
        let (action, items) = self.state.withLock { state in
            let action = state.machine.pollArrived(hasPackets: !state.queue.isEmpty)
            switch action {
            case .wait:
                state.poll = bound
                return (action, [Outgoing]())
            case .answer:
                return (action, Self.takeQueue(&state))
            case .end:
                state.poll = bound
                return (action, [])
            case .refuseAndEnd, .refuse:
                return (action, [])
            }
        }
        switch action {
        case .wait:
            request.wait(for: self)
        case .answer:
            request.answer(items)
        case .end(let ending):
            self.finish(ending)
        case .refuseAndEnd(let ending):
            request.refuse()
            self.finish(ending, description: "overlap from client")
        case .refuse(let refusal):
            request.refuse(refusal)
        }
    }

    /// - Returns: whether it was a browser that sent the request again.
    private func answersRepeated(_ request: PollRequest, _ bound: NIOLoopBound<PollRequest>) -> Bool {
        let (kind, old) = self.state.withLock { state -> (RepeatedRequests.Poll, NIOLoopBound<PollRequest>?) in
            guard state.machine.isOpen, state.machine.transport == .polling else { return (.new, nil) }
            let old = state.poll
            let kind = state.repeats.poll(request.stamp, isWaiting: old != nil)
            if case .replacesWaiting = kind { state.poll = bound }
            return (kind, old)
        }
        switch kind {
        case .new:
            return false
        case .replacesWaiting:
            old?.onLoop { $0.forget() }
            request.wait(for: self)
        case .repeats(let items):
            request.answer(items)
        }
        return true
    }

    /// The client of a waiting poll has gone away.
    func pollAborted(_ request: PollRequest) {
        let ending = self.state.withLock { state -> EngineTransportMachine.Ending? in
            guard let poll = state.poll, poll.eventLoop.inEventLoop, poll.value === request else { return nil }
            state.poll = nil
            return state.machine.pollAborted()
        }
        if let ending {
            self.finish(ending, description: "poll connection closed prematurely")
        }
    }

    /// The head of a POST has come.
    func post(_ request: PostRequest, on eventLoop: any EventLoop) {
        let bound = NIOLoopBound(request, eventLoop: eventLoop)
        guard !self.state.withLock({ $0.machine.isOpen && $0.repeats.hasHandledPost(request.stamp) }) else {
            request.receive(for: nil)
            return
        }
        let action = self.state.withLock { state in
            let action = state.machine.postBegan()
            if action == .accept {
                state.post = bound
            }
            return action
        }
        switch action {
        case .accept:
            request.receive(for: self)
        case .discard:
            request.receive(for: nil)
        case .refuseAndEnd(let ending):
            request.refuse()
            self.finish(ending, description: "data request overlap from client")
        case .refuse(let refusal):
            request.refuse(refusal)
        }
    }

    /// The packets of a POST have been handled, or its body was too long.
    ///
    /// - Returns: whether it is to be answered.
    func postEnded(_ stamp: String?) -> Bool {
        self.state.withLock { state in
            state.post = nil
            state.repeats.handledPost(stamp)
            return state.machine.postEnded() == .answer
        }
    }

    func postAborted() {
        let ending = self.state.withLock { state in
            state.post = nil
            return state.machine.postAborted()
        }
        if let ending {
            self.finish(ending, description: "data request connection closed prematurely")
        }
    }

    // MARK: WebSocket

    /// Whether a WebSocket may try to take over; it is to be closed at once otherwise.
    func upgradeRequested(by socket: NIOLoopBound<EngineSocket>) -> Bool {
        let limit = self.configuration.upgradeTimeout
        let isCandidate = self.state.withLock { state in
            guard state.machine.upgradeRequested(at: .now(), limit: limit) == .probe else { return false }
            state.candidate = socket
            return true
        }
        self.rearm()
        return isCandidate
    }

    /// A frame of the candidate. On its event loop.
    func candidateReceived(_ packet: EnginePacket?, _ socket: EngineSocket, loop number: Int) {
        let (action, poll) = self.state.withLock { state in
            var poll: NIOLoopBound<PollRequest>?
            guard state.isCandidate(socket) else { return (EngineTransportMachine.CandidateAction.ignore, poll) }
            let action = state.machine.candidateReceived(packet, at: .now())
            switch action {
            case .upgrade(let answersPoll):
                if answersPoll {
                    (poll, state.poll) = (state.poll, nil)
                }
                (state.socket, state.candidate) = (state.candidate, nil)
                state.loopNumber = number
                // Nobody writes before the application knows where it is.
                state.isDraining = true
            case .upgradeAndEnd:
                (state.socket, state.candidate) = (state.candidate, nil)
            case .drop:
                state.candidate = nil
            case .answerProbe, .ignore:
                break
            }
            return (action, poll)
        }
        switch action {
        case .answerProbe:
            socket.answerProbe()
            self.rearm()
        case .upgrade:
            poll?.answer([.packet(EnginePacket(.noop))])
            socket.becomeCarrier()
            self.application?.moved(toLoop: number)
            self.drain(socket)
        case .upgradeAndEnd(let ending):
            self.finish(ending)
        case .drop:
            socket.closeNow()
        case .ignore:
            break
        }
    }

    /// The connection of a candidate has ended. On its event loop.
    func candidateClosed(_ socket: EngineSocket) {
        self.state.withLock { state in
            guard state.isCandidate(socket) else { return }
            state.candidate = nil
            state.machine.candidateClosed()
        }
    }

    func webSocketClosed(_ reason: EngineCloseReason, _ description: String?) {
        if let ending = self.state.withLock({ $0.machine.webSocketClosed(reason) }) {
            self.finish(ending, description: description)
        }
    }
}
