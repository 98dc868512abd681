// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HeapModule
package import NIOCore
import Synchronization

/// Calls that are due at some time: for acks that must come until then.
///
/// Time is an argument of ``fire(at:)``; a driver sleeps until ``next`` and calls it. The default driver is one task
/// that lives while something is scheduled.
package final class DeadlineQueue: Sendable {
    package typealias Token = UInt64

    private struct Entry: Comparable {
        var deadline: NIODeadline
        var token: Token

        static func < (one: Entry, other: Entry) -> Bool {
            (one.deadline, one.token) < (other.deadline, other.token)
        }
    }

    private struct State {
        var actions: [Token: @Sendable () -> Void] = [:]
        var heap: Heap<Entry> = []
        var lastToken: Token = 0
        var sleeper: Task<Void, Never>?
        var wakes: NIODeadline?
    }

    private static let longest = Duration.seconds(10 * 365 * 86_400)

    private let state = Mutex(State())
    package let now: @Sendable () -> NIODeadline
    private let hasDriver: Bool

    /// - Parameters:
    ///   - now: the clock that deadlines are counted with.
    ///   - hasDriver: whether ``fire(at:)`` is called by the queue itself.
    package init(now: @escaping @Sendable () -> NIODeadline = { .now() }, hasDriver: Bool = true) {
        self.now = now
        self.hasDriver = hasDriver
    }

    /// - Parameter action: called once, on any thread, unless it is cancelled.
    package func schedule(after delay: Duration, _ action: @escaping @Sendable () -> Void) -> Token {
        let deadline = self.deadline(after: delay)
        return self.state.withLock { state in
            state.lastToken += 1
            state.actions[state.lastToken] = action
            state.heap.insert(Entry(deadline: deadline, token: state.lastToken))
            self.sleep(&state)
            return state.lastToken
        }
    }

    /// Ten years are as good as never.
    package func deadline(after delay: Duration) -> NIODeadline {
        self.now() + TimeAmount(min(max(delay, .zero), Self.longest))
    }

    package func cancel(_ token: Token) {
        self.state.withLock { state in
            guard state.actions.removeValue(forKey: token) != nil else { return }
            // Cancelled entries stay in the heap until their time comes, or until they are most of it.
            if state.heap.count > 64, state.heap.count > 4 * state.actions.count {
                state.heap = Heap(state.heap.unordered.filter { state.actions[$0.token] != nil })
            }
        }
    }

    /// When something is due next.
    package var next: NIODeadline? {
        self.state.withLock { $0.heap.min?.deadline }
    }

    /// What is scheduled and not cancelled.
    package var count: Int {
        self.state.withLock { $0.actions.count }
    }

    /// Calls what is due.
    package func fire(at now: NIODeadline) {
        var due: [@Sendable () -> Void] = []
        self.state.withLock { state in
            while let first = state.heap.min, first.deadline <= now {
                _ = state.heap.popMin()
                if let action = state.actions.removeValue(forKey: first.token) { due.append(action) }
            }
        }
        for action in due { action() }
    }

    private func sleep(_ state: inout State) {
        guard self.hasDriver, let deadline = state.heap.min?.deadline else { return }
        if let wakes = state.wakes, wakes <= deadline { return }
        state.sleeper?.cancel()
        state.wakes = deadline
        let delay = max(deadline - self.now(), .zero)
        state.sleeper = Task { [weak self] in
            try? await Task.sleep(for: .nanoseconds(delay.nanoseconds))
            guard !Task.isCancelled else { return }
            self?.awake()
        }
    }

    private func awake() {
        self.fire(at: self.now())
        self.state.withLock { state in
            state.wakes = nil
            state.sleeper = nil
            self.sleep(&state)
        }
    }
}
