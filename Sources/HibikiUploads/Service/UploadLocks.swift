// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Synchronization

/// Lets one request at a time work on an upload.
///
/// A client whose network was cut comes back while the server still waits for the rest of what it has sent before. So whoever comes later interrupts whoever
/// is there, which then stores what it has and ends.
final class UploadLocks: Sendable {
    private struct Lock {
        var interrupt: (@Sendable () -> Void)?
        var waiting: [(ticket: UInt64, resume: CheckedContinuation<Bool, Never>)] = []
    }

    private struct State {
        var locks: [UploadID: Lock] = [:]
        var tickets: UInt64 = 0
    }

    private let state = Mutex(State())
    /// How long somebody waits for the one before.
    private let patience: Duration

    init(patience: Duration = .seconds(10)) {
        self.patience = patience
    }

    /// Does something while nobody else works on the upload. Throws ``UploadRefusal/locked`` if the one before does not end.
    func withLock<Result: Sendable>(
        _ id: UploadID, _ body: () async throws -> Result
    ) async throws -> Result {
        guard await self.acquire(id) else { throw UploadRefusal.locked }
        defer { self.release(id) }
        return try await body()
    }

    /// Does something if nobody works on the upload at the moment. Nobody is interrupted, and nothing is waited for.
    ///
    /// - Returns: `nil` if somebody does.
    func withFreeLock<Result: Sendable>(
        _ id: UploadID, _ body: () async throws -> Result
    ) async throws -> Result? {
        let isFree = self.state.withLock { state in
            guard state.locks[id] == nil else { return false }
            state.locks[id] = Lock()
            return true
        }
        guard isFree else { return nil }
        defer { self.release(id) }
        return try await body()
    }

    /// Says how the one who holds the lock is interrupted; `nil` for not at all.
    func holder(of id: UploadID, isInterruptedBy interrupt: (@Sendable () -> Void)?) {
        let isAwaited = self.state.withLock { state in
            state.locks[id]?.interrupt = interrupt
            return state.locks[id]?.waiting.isEmpty == false
        }
        if isAwaited { interrupt?() }
    }

    private func acquire(_ id: UploadID) async -> Bool {
        let ticket: UInt64? = self.state.withLock { state in
            guard state.locks[id] != nil else {
                state.locks[id] = Lock()
                return nil
            }
            state.tickets &+= 1
            return state.tickets
        }
        guard let ticket else { return true }
        let patience = self.patience
        let alarm = Task {
            try await Task.sleep(for: patience)
            self.giveUp(id, ticket)
        }
        defer { alarm.cancel() }
        return await withCheckedContinuation { continuation in
            let (interrupt, isFree) = self.state.withLock { state -> ((@Sendable () -> Void)?, Bool) in
                guard state.locks[id] != nil else {
                    state.locks[id] = Lock()
                    return (nil, true)
                }
                state.locks[id]?.waiting.append((ticket, continuation))
                return (state.locks[id]?.interrupt, false)
            }
            interrupt?()
            if isFree { continuation.resume(returning: true) }
        }
    }

    private func giveUp(_ id: UploadID, _ ticket: UInt64) {
        let late = self.state.withLock { state -> CheckedContinuation<Bool, Never>? in
            guard let index = state.locks[id]?.waiting.firstIndex(where: { $0.ticket == ticket }) else { return nil }
            return state.locks[id]?.waiting.remove(at: index).resume
        }
        late?.resume(returning: false)
    }

    private func release(_ id: UploadID) {
        let next = self.state.withLock { state -> CheckedContinuation<Bool, Never>? in
            state.locks[id]?.interrupt = nil
            guard state.locks[id]?.waiting.isEmpty == false else {
                state.locks[id] = nil
                return nil
            }
            return state.locks[id]?.waiting.removeFirst().resume
        }
        next?.resume(returning: true)
    }
}
