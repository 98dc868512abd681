// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import Synchronization

extension BroadcastOperator {
    /// Sends an event with the same ack id to all, and gathers the answers.
    func request(_ name: EventName, _ arguments: some WritableArguments & Sendable) async throws -> [Arguments] {
        guard !name.isReserved else { throw EmitError.reservedName(name.text) }
        let namespace = try self.only
        if let problem = namespace.problem(with: arguments) { throw problem }
        let id = namespace.nextAckID()
        guard let rooms = namespace.rooms, let packet = namespace.packet(name, id: id, arguments) else { return [] }
        let message = EngineMessage(packet, isCompressible: self.flags.isCompressible)
        let isVolatile = self.flags.isVolatile
        let timeout = self.flags.timeout ?? namespace.server.configuration.broadcastAckTimeout
        let answers = AwaitedAnswers(to: id, deadlines: namespace.server.deadlines, within: timeout)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                answers.begin { continuation.resume(with: $0) }
                rooms.gather(self.audience) { member -> Socket? in
                    guard let socket = member as? Socket else { return nil }
                    guard socket.expectAck(id, within: nil, answers.add) == nil else { return nil }
                    socket.deliver(EngineBatch([message], isVolatile: isVolatile))
                    return socket
                } completion: { sockets in
                    answers.expect(sockets)
                }
            }
        } onCancel: {
            answers.cancel()
        }
    }
}

/// The answers to one event that went to many.
private final class AwaitedAnswers: Sendable {
    private struct State {
        var answers: [Arguments] = []
        /// Whom it went to; `nil` until all of them are known.
        var sockets: [Socket]?
        var isOver = false
        var completion: (@Sendable (Result<[Arguments], any Error>) -> Void)?
        var deadline: DeadlineQueue.Token?
    }

    private let id: UInt64
    private let deadlines: DeadlineQueue
    private let timeout: Duration
    private let state = Mutex(State())

    init(to id: UInt64, deadlines: DeadlineQueue, within timeout: Duration) {
        self.id = id
        self.deadlines = deadlines
        self.timeout = timeout
    }

    func begin(_ completion: @escaping @Sendable (Result<[Arguments], any Error>) -> Void) {
        let deadline = self.deadlines.schedule(after: self.timeout) { self.end(with: nil) }
        let isOver = self.state.withLock { state in
            state.completion = completion
            state.deadline = deadline
            return state.isOver
        }
        if isOver { self.cancel() }
    }

    func expect(_ sockets: [Socket]) {
        let isOver = self.state.withLock { state in
            state.sockets = sockets
            return state.isOver
        }
        if isOver {
            self.forget(sockets)
        } else {
            self.endIfComplete()
        }
    }

    /// A socket that ends without an answer is waited for in vain: the broadcast ends with its deadline, as in the
    /// original.
    func add(_ result: Result<Arguments, AckFailure>) {
        guard case .success(let arguments) = result else { return }
        self.state.withLock { $0.answers.append(arguments.detached()) }
        self.endIfComplete()
    }

    func cancel() {
        self.end(with: CancellationError())
    }

    private func endIfComplete() {
        guard self.state.withLock({ $0.answers.count == $0.sockets?.count }) else { return }
        self.end(with: nil)
    }

    private func end(with error: (any Error)?) {
        let ended = self.state.withLock { state -> State? in
            state.isOver = true
            guard state.completion != nil else { return nil }
            defer { state.completion = nil }
            return state
        }
        guard let ended else { return }
        if let deadline = ended.deadline { self.deadlines.cancel(deadline) }
        self.forget(ended.sockets ?? [])
        ended.completion?(self.result(of: ended, error))
    }

    private func result(of ended: State, _ error: (any Error)?) -> Result<[Arguments], any Error> {
        if let error { return .failure(error) }
        guard ended.answers.count == ended.sockets?.count else {
            return .failure(BroadcastTimeout(responses: ended.answers, expected: ended.sockets?.count ?? 0))
        }
        return .success(ended.answers)
    }

    /// Late answers are for nobody.
    private func forget(_ sockets: [Socket]) {
        for socket in sockets { socket.giveUp(self.id, .cancelled) }
    }
}
