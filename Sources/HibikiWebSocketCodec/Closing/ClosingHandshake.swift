// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

/// The closing handshake of RFC 6455 §7. It never waits: time comes in, a deadline goes out, and whoever drives the
/// transport closes it when ``deadline`` has passed.
public struct ClosingHandshake: Sendable {
    private enum State: Equatable { case open, closeSent, closed }

    public let role: WebSocketRole
    private var state = State.open
    private var received: WebSocketCloseCode?
    /// When the transport is to be closed whatever the peer does; `nil` until the closing has begun.
    public private(set) var deadline: NIODeadline?

    public init(role: WebSocketRole) {
        self.role = role
    }

    /// Whether messages may still be sent.
    public var isOpen: Bool {
        self.state == .open
    }

    public enum StartAction: Equatable, Sendable {
        /// Send this, then wait for the peer's close frame until the deadline. Nothing may be sent after it.
        case send(WebSocketCloseFrame)
        /// The closing has begun already; the first code stands.
        case ignore
    }

    /// This end wants to close.
    ///
    /// - Parameter limit: How long the peer has for its close frame.
    public mutating func start(
        _ frame: WebSocketCloseFrame, at now: NIODeadline, limit: TimeAmount = .seconds(10)
    ) -> StartAction {
        guard self.state == .open else { return .ignore }
        self.state = .closeSent
        self.deadline = now + limit
        return .send(frame)
    }

    public enum ReceivedAction: Equatable, Sendable {
        /// Send this and close the transport behind it: the server closes first (RFC 6455 §7.1.1).
        case echoAndCloseTransport(WebSocketCloseFrame)
        /// Send this and leave the transport to the server until the deadline.
        case echo(WebSocketCloseFrame)
        /// Both close frames have travelled.
        case closeTransport
        case ignore
    }

    /// The peer's close frame came.
    public mutating func received(
        _ frame: WebSocketCloseFrame, at now: NIODeadline, limit: TimeAmount = .seconds(10)
    ) -> ReceivedAction {
        switch self.state {
        case .open:
            self.end(with: frame, at: now, limit)
            let echo = WebSocketCloseFrame(code: frame.code)
            return self.role == .server ? .echoAndCloseTransport(echo) : .echo(echo)
        case .closeSent:
            self.end(with: frame, at: now, limit)
            return .closeTransport
        case .closed:
            return .ignore
        }
    }

    public enum FailedAction: Equatable, Sendable {
        /// Send this, end the sending half, and drop what still comes until the peer ends too or the deadline passes.
        /// Closing at once would let the reset of unread bytes overtake the close frame.
        case sendAndEndTransport(WebSocketCloseFrame)
        /// A close frame was sent before: close the transport.
        case closeTransport
        case ignore
    }

    /// The peer broke the protocol (RFC 6455 §7.1.7).
    public mutating func failed(
        _ violation: ProtocolViolation, at now: NIODeadline, limit: TimeAmount = .seconds(2)
    ) -> FailedAction {
        switch self.state {
        case .open:
            self.state = .closed
            self.deadline = now + limit
            return .sendAndEndTransport(WebSocketCloseFrame(code: violation.code, reason: violation.reason))
        case .closeSent:
            self.state = .closed
            return .closeTransport
        case .closed:
            return .ignore
        }
    }

    /// The transport is gone.
    ///
    /// - Returns: What the application is told (RFC 6455 §7.1.5): the peer's code, 1005 if its close frame had none, 1006
    ///   if there was no close frame.
    public mutating func transportGone() -> WebSocketCloseCode {
        self.state = .closed
        self.deadline = nil
        return self.received ?? .abnormalClosure
    }

    private mutating func end(with frame: WebSocketCloseFrame, at now: NIODeadline, _ limit: TimeAmount) {
        self.state = .closed
        self.received = frame.code ?? .noStatusReceived
        self.deadline = self.deadline ?? now + limit
    }
}
