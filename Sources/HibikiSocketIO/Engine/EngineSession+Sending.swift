// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import DequeModule
import HibikiSocketIOCodec
package import HibikiWire
import NIOCore
import Synchronization

extension EngineSession {
    /// What is to be done once the lock is released.
    private enum Effect {
        case nothing
        case answer(NIOLoopBound<PollRequest>, [Outgoing])
        case drain(NIOLoopBound<EngineSocket>)
        case end(EngineTransportMachine.Ending)
    }

    package func send(_ message: EngineMessage, isVolatile: Bool) {
        self.enqueue(.message(message), isVolatile: isVolatile)
    }

    package func sendText(
        _ length: Int, isVolatile: Bool, isCompressible: Bool, _ write: (inout JoinedBytes) -> Void
    ) {
        if let socket = self.directSocket(isVolatile: isVolatile) {
            socket.send(length, isCompressible: isCompressible, write)
            return
        }
        var text = ByteBuffer()
        text.writeJoined(length, write)
        self.send(EngineMessage(EncodedPacket(.text(text)), isCompressible: isCompressible), isVolatile: isVolatile)
    }

    package func deliver(_ batch: EngineBatch) {
        if let socket = self.directSocket(isVolatile: batch.isVolatile) {
            socket.send(batch)
            return
        }
        for message in batch.messages {
            self.enqueue(.message(message), isVolatile: batch.isVolatile)
        }
    }

    /// The WebSocket, if what is written to it here and now keeps the order and finds room.
    private func directSocket(isVolatile: Bool) -> EngineSocket? {
        let socket = self.state.withLock { state -> EngineSocket? in
            guard state.isDirect, state.socket?.eventLoop.inEventLoop ?? false else { return nil }
            return state.socket?.value
        }
        guard let socket else { return nil }
        return socket.hasRoom && !(isVolatile && socket.isBehind) ? socket : nil
    }

    func enqueue(_ item: Outgoing, isVolatile: Bool) {
        let effect = self.state.withLock { state -> Effect in
            guard !isVolatile || Self.canLeaveNow(state) else { return .nothing }
            if state.isHeldForClose, state.socket == nil, !state.machine.isClosed {
                state.queue.append(item)
                state.queuedBytes += item.cost
                return .nothing
            }
            let action = state.machine.packetsQueued()
            guard action != .drop else { return .nothing }
            state.queue.append(item)
            state.queuedBytes += item.cost
            switch action {
            case .answerPoll:
                guard let poll = state.poll else { return .nothing }
                state.poll = nil
                return .answer(poll, Self.takeQueue(&state))
            case .write:
                if !state.isDraining, let socket = state.socket {
                    state.isDraining = true
                    return .drain(socket)
                }
            case .hold, .drop:
                break
            }
            guard state.queuedBytes <= self.configuration.sendBuffer else {
                return state.machine.failed(.transportError).map { .end($0) } ?? .nothing
            }
            return .nothing
        }
        switch effect {
        case .nothing: break
        case .answer(let poll, let items): poll.answer(items)
        case .drain(let socket): socket.drain(self)
        case .end(let ending): self.finish(ending, description: "the client took too little of what it was sent")
        }
    }

    /// Lets out what was held for the close packet, which does not come so soon.
    func release() {
        let (poll, items) = self.state.withLock { state -> (NIOLoopBound<PollRequest>?, [Outgoing]) in
            state.isHeldForClose = false
            guard !state.queue.isEmpty, state.poll != nil, state.machine.packetsQueued() == .answerPoll else {
                return (nil, [])
            }
            defer { state.poll = nil }
            return (state.poll, Self.takeQueue(&state))
        }
        poll?.answer(items)
    }

    /// Whether a volatile message would leave at once.
    private static func canLeaveNow(_ state: borrowing State) -> Bool {
        guard let socket = state.socket else { return state.poll != nil }
        guard socket.eventLoop.inEventLoop else { return state.queue.isEmpty }
        return state.queue.isEmpty && !socket.value.isBehind
    }

    /// What waits, as the answer to a poll.
    static func takeQueue(_ state: inout State) -> [Outgoing] {
        let items = Array(state.queue)
        state.queue.removeAll(keepingCapacity: false)
        state.queuedBytes = 0
        state.repeats.answeredPoll(with: items)
        return items
    }

    /// Writes what waits, as far as there is room. On the socket's event loop.
    func drain(_ socket: EngineSocket) {
        while socket.hasRoom {
            let item = self.state.withLock { state -> Outgoing? in
                guard let item = state.queue.popFirst() else {
                    state.isDraining = false
                    return nil
                }
                state.queuedBytes -= item.cost
                return item
            }
            guard let item else { return }
            socket.send(item)
        }
        // `isDraining` stays: the socket goes on when it has room again.
    }
}
