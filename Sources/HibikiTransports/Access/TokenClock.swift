// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

package import HibikiMessaging
package import NIOCore

/// Tells a connection when its token has to be replaced, and when it is over. Bound to its event loop.
package final class TokenClock {
    /// The longest that is waited for at once: wall clocks are set.
    private static let longestWait = Duration.seconds(60)

    package var deadlineEntry: DeadlineEntry?
    private let loop: TransportLoop
    private var life: TokenLife?
    private var tell: ((TokenLife.Step) -> Void)?

    /// - Parameter tell: gets every step but ``HibikiMessaging/TokenLife/Step/wait``, until ``stop()``.
    package init(_ loop: TransportLoop, _ tell: @escaping (TokenLife.Step) -> Void) {
        self.loop = loop
        self.tell = tell
    }

    /// Begins anew, with what the connection has shown now. `nil` stays as long as it wants.
    package func start(_ life: TokenLife?) {
        self.life = life
        self.wait(from: self.loop.timestamp)
    }

    package func stop() {
        self.life = nil
        self.tell = nil
        self.loop.removeDeadline(of: self)
    }

    private func wait(from now: Timestamp) {
        guard let life = self.life else { return self.loop.removeDeadline(of: self) }
        self.loop.setDeadline(after: TimeAmount(min(life.due.since(now), Self.longestWait)), for: self)
    }
}

extension TokenClock: DeadlineHolder {
    package func deadlinePassed(at _: NIODeadline) {
        let now = self.loop.timestamp
        guard let step = self.life?.step(at: now) else { return }
        switch step {
        case .wait:
            self.wait(from: now)
        case .askForToken:
            self.wait(from: now)
            self.tell?(step)
        case .end, .neverShown:
            self.life = nil
            self.tell?(step)
        }
    }
}

@available(*, unavailable)
extension TokenClock: Sendable {}
