// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

/// The signs of life of one session. It never waits: time comes in, a deadline goes out.
///
/// In revision 4 the server pings ``pingInterval`` after the start and after each pong, and gives the client
/// ``pingTimeout`` to answer. In revision 3 the client pings, and the server gives up when both times together have
/// passed since the last ping. The deadline belongs to the session: a change of transports does not touch it.
public struct EngineHeartbeat: Sendable {
    private enum State: Equatable { case untilPing, awaitingPong, awaitingPing }

    /// How late a clock may be that works as it should.
    private static let clockError = TimeAmount.milliseconds(100)

    public let pingInterval: TimeAmount
    public let pingTimeout: TimeAmount
    /// When ``tick(at:)`` has something to say.
    public private(set) var deadline: NIODeadline
    private var state: State

    /// - Parameters:
    ///   - pingInterval: 25 seconds by default.
    ///   - pingTimeout: 20 seconds by default.
    ///   - now: when the handshake was sent.
    public init(
        version: EngineVersion, pingInterval: TimeAmount = .seconds(25), pingTimeout: TimeAmount = .seconds(20),
        at now: NIODeadline
    ) {
        self.pingInterval = pingInterval
        self.pingTimeout = pingTimeout
        switch version {
        case .v3:
            self.state = .awaitingPing
            self.deadline = now + pingInterval + pingTimeout
        case .v4:
            self.state = .untilPing
            self.deadline = now + pingInterval
        }
    }

    /// Whether a ping has not been answered yet.
    public var isAwaitingPong: Bool { self.state == .awaitingPong }

    public enum TickAction: Equatable, Sendable {
        /// Nothing is due before ``EngineHeartbeat/deadline``.
        case wait
        /// Send a ping.
        case ping
        /// End the session with ``EngineCloseReason/pingTimeout``.
        case timeOut
    }

    public mutating func tick(at now: NIODeadline) -> TickAction {
        guard now >= self.deadline else { return .wait }
        switch self.state {
        case .untilPing:
            self.state = .awaitingPong
            // A clock that is a little late must not make the whole wait longer; one that was stopped must not make it shorter.
            let lateness = min(now - self.deadline, Self.clockError)
            self.deadline = now + self.pingTimeout - lateness
            return .ping
        case .awaitingPong, .awaitingPing:
            return .timeOut
        }
    }

    public enum PingAction: Equatable, Sendable {
        /// Send a pong without a payload.
        case answer
        /// Pings go the other way in revision 4: end the session with ``EngineCloseReason/transportError``.
        case refuse
    }

    /// The client sent a ping.
    public mutating func receivedPing(at now: NIODeadline) -> PingAction {
        switch self.state {
        case .awaitingPing:
            self.deadline = now + self.pingInterval + self.pingTimeout
            return .answer
        case .untilPing, .awaitingPong:
            return .refuse
        }
    }

    public enum PongAction: Equatable, Sendable {
        /// The client lives; the next ping goes out in ``EngineHeartbeat/pingInterval``.
        case accept
        /// Nobody asked; the deadline stays.
        case ignore
        /// Pongs go the other way in revision 3: end the session with ``EngineCloseReason/transportError``.
        case refuse
    }

    /// The client sent a pong.
    public mutating func receivedPong(at now: NIODeadline) -> PongAction {
        switch self.state {
        case .awaitingPong:
            self.state = .untilPing
            self.deadline = now + self.pingInterval
            return .accept
        case .untilPing:
            return .ignore
        case .awaitingPing:
            return .refuse
        }
    }
}
