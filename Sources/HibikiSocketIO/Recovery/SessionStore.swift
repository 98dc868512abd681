// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import DequeModule
package import HibikiMessaging
import Synchronization

/// Keeps the sessions of a namespace whose sockets have gone.
package protocol SessionStore: Sendable {
    func save(_ session: StoredSession)

    /// Hands a session over, to one caller only.
    ///
    /// - Parameter completion: called once, on any thread; `nil` if the session is not or no longer there.
    func take(
        _ privateID: String, at now: Timestamp, completion: @escaping @Sendable (StoredSession?) -> Void)

    /// The sessions that would be lost with the process. By default none.
    func sessions(at now: Timestamp) -> [StoredSession]

    /// Forgets what is too old.
    ///
    /// - Returns: whether sessions are left.
    func expire(at now: Timestamp) -> Bool
}

extension SessionStore {
    package func sessions(at now: Timestamp) -> [StoredSession] { [] }
}

/// Keeps sessions in memory, as long as the process lives.
package final class MemorySessionStore: SessionStore {
    private struct State {
        var sessions: [String: StoredSession] = [:]
        /// In the order in which they came; those that were taken stand here until their time.
        var order: Deque<(privateID: String, disconnected: Timestamp)> = []
    }

    private let state = Mutex(State())
    private let window: Duration
    private let limit: Int

    package init(window: Duration, limit: Int) {
        self.window = window
        self.limit = limit
    }

    package var count: Int { self.state.withLock { $0.sessions.count } }

    package func save(_ session: StoredSession) {
        self.state.withLock { state in
            self.removeOld(&state, at: session.disconnected)
            state.sessions[session.socket.privateID] = session
            state.order.append((session.socket.privateID, session.disconnected))
            while state.order.count > max(1, self.limit) {
                self.removeOldest(&state)
            }
        }
    }

    package func take(
        _ privateID: String, at now: Timestamp, completion: @escaping @Sendable (StoredSession?) -> Void
    ) {
        let session = self.state.withLock { state in
            self.removeOld(&state, at: now)
            return state.sessions.removeValue(forKey: privateID)
        }
        completion(session)
    }

    /// Oldest first.
    package func sessions(at now: Timestamp) -> [StoredSession] {
        self.state.withLock { state in
            self.removeOld(&state, at: now)
            return state.order.compactMap { entry in
                state.sessions[entry.privateID].flatMap { $0.disconnected == entry.disconnected ? $0 : nil }
            }
        }
    }

    package func expire(at now: Timestamp) -> Bool {
        self.state.withLock { state in
            self.removeOld(&state, at: now)
            return !state.order.isEmpty
        }
    }

    private func removeOld(_ state: inout State, at now: Timestamp) {
        while let oldest = state.order.first, now.since(oldest.disconnected) > self.window {
            self.removeOldest(&state)
        }
    }

    private func removeOldest(_ state: inout State) {
        guard let oldest = state.order.popFirst() else { return }
        // A session may have been continued and left behind again under the same name.
        if state.sessions[oldest.privateID]?.disconnected == oldest.disconnected {
            state.sessions[oldest.privateID] = nil
        }
    }
}
