// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Synchronization

/// Whether the server wants traffic: the answer of `/readyz`.
///
/// It is ready once its port is open, until it begins to shut down, and as long as every check passes. Whoever the server
/// cannot work without, a store or a broker, adds a check.
public final class Readiness: Sendable {
    /// Something that has to work.
    public struct Check: Sendable {
        public let name: String
        /// Asked at every request, so it should answer from what it knows.
        public let passes: @Sendable () async -> Bool

        public init(name: String, passes: @escaping @Sendable () async -> Bool) {
            self.name = name
            self.passes = passes
        }
    }

    private enum Phase { case starting, open, stopping }

    private struct State {
        var phase = Phase.starting
        var checks: [Check] = []
    }

    private let state = Mutex(State())

    public init() {}

    public func add(_ check: Check) {
        self.state.withLock { $0.checks.append(check) }
    }

    func opened() {
        self.state.withLock { $0.phase = .open }
    }

    func stopping() {
        self.state.withLock { $0.phase = .stopping }
    }

    /// Every check and whether it passes; the first is the server itself.
    func results() async -> [(name: String, passes: Bool)] {
        let state = self.state.withLock { $0 }
        var results = [(name: "server", passes: state.phase == .open)]
        for check in state.checks {
            results.append((check.name, await check.passes()))
        }
        return results
    }
}
