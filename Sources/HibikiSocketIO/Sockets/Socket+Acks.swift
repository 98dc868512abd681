// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import Synchronization

extension Socket {
    /// Sends an event and waits for the ack.
    func request(
        _ name: EventName, _ arguments: some WritableArguments & Sendable, _ flags: EmitFlags
    ) async throws -> Arguments {
        let id = self.namespace.nextAckID()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Arguments, any Error>) in
                self.emit(name, arguments, flags, id: id) { result in
                    continuation.resume(with: result.mapError(\.error))
                }
                if Task.isCancelled { self.giveUp(id, .cancelled) }
            }
        } onCancel: {
            self.giveUp(id, .cancelled)
        }
    }

    /// - Parameter completion: called once.
    func emit(
        _ name: EventName, _ arguments: some WritableArguments & Sendable, _ flags: EmitFlags, id: UInt64,
        _ completion: @escaping @Sendable (Result<Arguments, AckFailure>) -> Void
    ) {
        if name.isReserved { return completion(.failure(.emit(.reservedName(name.text)))) }
        if let error = self.namespace.problem(with: arguments) { return completion(.failure(.emit(error))) }
        if let error = self.expectAck(id, within: flags.timeout, completion) {
            return completion(.failure(.emit(error)))
        }
        self.emit(name, arguments, flags, id: id)
    }

    /// - Returns: why it cannot be waited for; the completion is not called then.
    func expectAck(
        _ id: UInt64, within timeout: Duration?,
        _ completion: @escaping @Sendable (Result<Arguments, AckFailure>) -> Void
    ) -> EmitError? {
        let limit = self.namespace.server.configuration.pendingAcks
        let deadlines = self.namespace.server.deadlines
        let deadline = timeout.map { timeout in
            deadlines.schedule(after: timeout) { [weak self] in self?.giveUp(id, .emit(.timeout)) }
        }
        let error = self.state.withLock { state -> EmitError? in
            guard state.phase != .ended else { return .disconnected }
            let isAdded = state.acks.add(id, limit: limit) { result in
                if let deadline { deadlines.cancel(deadline) }
                completion(result)
            }
            return isAdded ? nil : .tooManyPendingAcks
        }
        if error != nil, let deadline { deadlines.cancel(deadline) }
        return error
    }

    func giveUp(_ id: UInt64, _ failure: AckFailure) {
        self.state.withLock { $0.acks.take(id) }?(.failure(failure))
    }

    func receivedAck(_ id: UInt64, _ arguments: Arguments) {
        self.state.withLock { $0.acks.take(id) }?(.success(arguments))
    }
}

/// Why an ack has not come.
enum AckFailure: Error, Equatable {
    case emit(EmitError)
    case cancelled

    var error: any Error {
        switch self {
        case .emit(let error): error
        case .cancelled: CancellationError()
        }
    }
}
