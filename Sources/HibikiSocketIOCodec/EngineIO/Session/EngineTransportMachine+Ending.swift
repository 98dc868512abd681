// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

extension EngineTransportMachine {
    /// All there is to do when a session ends. Its id is unknown from here on.
    public struct Ending: Equatable, Sendable {
        public enum PollAnswer: Equatable, Sendable {
            /// What is held, then a close packet.
            case closePacket
            /// A noop packet: the client closed the session itself.
            case noop
        }

        public var reason: EngineCloseReason
        /// What the waiting poll is answered with; `nil` if none waits.
        public var poll: PollAnswer?
        /// Whether the POST under way is answered with 400.
        public var refusesPost: Bool
        /// Whether the WebSocket that wanted to take over is to be closed.
        public var closesCandidate: Bool
        /// Whether the WebSocket of the session is to be closed, behind what was written to it.
        public var closesWebSocket: Bool

        public init(
            _ reason: EngineCloseReason, poll: PollAnswer? = nil, refusesPost: Bool = false,
            closesCandidate: Bool = false, closesWebSocket: Bool = false
        ) {
            self.reason = reason
            self.poll = poll
            self.refusesPost = refusesPost
            self.closesCandidate = closesCandidate
            self.closesWebSocket = closesWebSocket
        }
    }

    public enum CloseAction: Equatable, Sendable {
        case end(Ending)
        /// Hold what is held: the next poll gets it together with the close packet.
        case waitForPoll
        /// The session is closing or closed already.
        case ignore
    }

    /// The server closes the session.
    ///
    /// - Parameter discarding: whether to end at once, even if packets are held and no poll is there to fetch them.
    public mutating func close(at now: NIODeadline, discarding: Bool = false) -> CloseAction {
        switch self.phase {
        case .polling where !self.isPollWaiting && !discarding:
            self.phase = .closing(until: now + Self.closeTimeout)
            return .waitForPoll
        case .closing where !discarding, .closed: return .ignore
        case .polling, .webSocket, .closing:
            return .end(self.end(.forcedClose, poll: .closePacket, refusesPost: false))
        }
    }

    /// The client sent a close packet. `nil` if the session has ended before.
    public mutating func clientClosed() -> Ending? {
        guard !self.isClosed else { return nil }
        return self.end(.transportClose, poll: .noop, refusesPost: false)
    }

    /// The connection of the WebSocket that carries the session is gone. `nil` if the session has ended before, or is
    /// not on a WebSocket.
    public mutating func webSocketClosed(_ reason: EngineCloseReason = .transportClose) -> Ending? {
        guard self.phase == .webSocket else { return nil }
        self.phase = .closed
        return self.end(reason, poll: .closePacket)
    }

    /// Something went wrong that ends the session: a packet that is none, no sign of life, a payload of a type that
    /// the revision does not have. `nil` if the session has ended before.
    public mutating func failed(_ reason: EngineCloseReason) -> Ending? {
        guard !self.isClosed else { return nil }
        return self.end(reason, poll: .closePacket)
    }

    mutating func end(
        _ reason: EngineCloseReason, poll answer: Ending.PollAnswer, refusesPost: Bool = true
    ) -> Ending {
        let ending = Ending(
            reason, poll: self.isPollWaiting ? answer : nil, refusesPost: refusesPost && self.isPostUnderWay,
            closesCandidate: self.candidate != nil, closesWebSocket: self.phase == .webSocket)
        self.phase = .closed
        self.candidate = nil
        self.isPollWaiting = false
        if refusesPost { self.isPostUnderWay = false }
        return ending
    }
}
