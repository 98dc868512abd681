// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore
import Synchronization

/// What came from the network and waits for whoever reads it: the border between an event loop and a task.
///
/// It never refuses an element; it tells the event loop when to stop reading, and when to go on. So it holds at most
/// what one element brings above its bound.
final class Inbox<Element: Sendable>: Sendable {
    private struct State {
        var elements = CircularBuffer<(element: Element, weight: Int)>()
        var weight = 0
        var waiters = CircularBuffer<(id: Int, continuation: CheckedContinuation<Element?, any Error>)>()
        var nextWaiter = 0
        var end: Result<Void, any Error>?
        var isPaused = false
        var resume: (@Sendable () -> Void)?
    }

    private enum Answer {
        case element(Element?)
        case failure(any Error)
        case wait
    }

    private let state = Mutex(State())
    private let bound: Int

    /// - Parameter bound: the weight at which the event loop is told to stop reading, in the unit of
    ///   ``put(_:weight:)``.
    init(bound: Int) {
        self.bound = bound
    }

    /// - Parameter resume: called, on any thread, when reading may go on after ``wantsMore()`` said no.
    func onDrained(_ resume: @escaping @Sendable () -> Void) {
        self.state.withLock { $0.resume = resume }
    }

    /// Whether more may be read now. After a no the drained call follows.
    func wantsMore() -> Bool {
        self.state.withLock { state in
            state.isPaused = state.weight >= self.bound && state.end == nil
            return !state.isPaused
        }
    }

    /// Whether reading has stopped until somebody takes something out.
    var isPaused: Bool {
        self.state.withLock { $0.isPaused }
    }

    /// Whether nothing has come and nothing has ended.
    var isIdle: Bool {
        self.state.withLock { $0.elements.isEmpty && $0.end == nil }
    }

    /// Adds an element. After the end it is dropped.
    func put(_ element: Element, weight: Int) {
        let waiter = self.state.withLock { state -> CheckedContinuation<Element?, any Error>? in
            guard state.end == nil else { return nil }
            if let waiter = state.waiters.popFirst() { return waiter.continuation }
            state.elements.append((element, weight))
            state.weight += weight
            return nil
        }
        waiter?.resume(returning: element)
    }

    /// Nothing more will come. What is there may still be read. Only the first call counts.
    func end(_ result: Result<Void, any Error>) {
        let waiters = self.state.withLock { state -> [CheckedContinuation<Element?, any Error>] in
            guard state.end == nil else { return [] }
            state.end = result
            state.resume = nil
            defer { state.waiters.removeAll() }
            return state.waiters.map(\.continuation)
        }
        for waiter in waiters { waiter.resume(with: result.map { nil }) }
    }

    /// Forgets what is there and all that will come.
    func discard() {
        let resume = self.state.withLock { state in
            state.elements.removeAll()
            state.weight = 0
            state.isPaused = false
            defer { state.resume = nil }
            return state.resume
        }
        self.end(.success(()))
        resume?()
    }

    /// The next element, or `nil` at the end.
    ///
    /// - Throws: what ended it, or `CancellationError` when the task is cancelled; the element is then still there.
    func next() async throws -> Element? {
        let id = self.state.withLock { state in
            state.nextWaiter &+= 1
            return state.nextWaiter
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in self.take(id, continuation) }
        } onCancel: {
            self.cancel(id)
        }
    }

    private func take(_ id: Int, _ continuation: CheckedContinuation<Element?, any Error>) {
        let (answer, resume) = self.state.withLock { state -> (Answer, (@Sendable () -> Void)?) in
            guard !Task.isCancelled else { return (.failure(CancellationError()), nil) }
            if let first = state.elements.popFirst() {
                state.weight -= first.weight
                guard state.isPaused, state.weight <= self.bound / 2 else { return (.element(first.element), nil) }
                state.isPaused = false
                return (.element(first.element), state.resume)
            }
            switch state.end {
            case .success: return (.element(nil), nil)
            case .failure(let error): return (.failure(error), nil)
            case nil: state.waiters.append((id, continuation))
            }
            return (.wait, nil)
        }
        resume?()
        switch answer {
        case .element(let element): continuation.resume(returning: element)
        case .failure(let error): continuation.resume(throwing: error)
        case .wait: break
        }
    }

    private func cancel(_ id: Int) {
        let waiter = self.state.withLock { state -> CheckedContinuation<Element?, any Error>? in
            guard let index = state.waiters.firstIndex(where: { $0.id == id }) else { return nil }
            return state.waiters.remove(at: index).continuation
        }
        waiter?.resume(throwing: CancellationError())
    }
}
