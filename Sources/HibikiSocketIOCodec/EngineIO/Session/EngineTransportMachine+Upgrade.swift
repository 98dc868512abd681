// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

extension EngineTransportMachine {
    public enum UpgradeAction: Equatable, Sendable {
        /// Accept the WebSocket as the candidate, and give its frames to
        /// ``EngineTransportMachine/candidateReceived(_:at:)``.
        case probe
        /// Accept the WebSocket and close it at once: there is a candidate already, or the session is not on polling.
        case closeAtOnce
    }

    /// A WebSocket was asked for with the id of the session.
    ///
    /// - Parameter limit: how long it has to take over; the session stays on polling otherwise.
    public mutating func upgradeRequested(at now: NIODeadline, limit: TimeAmount = .seconds(10)) -> UpgradeAction {
        guard self.phase == .polling, self.candidate == nil else { return .closeAtOnce }
        self.candidate = Candidate(deadline: now + limit)
        return .probe
    }

    public enum CandidateAction: Equatable, Sendable {
        /// Send `3probe` on the candidate.
        case answerProbe
        /// The candidate carries the session now: write what is held to it.
        ///
        /// - Parameter answersPoll: a poll still waits; answer it with a noop packet.
        case upgrade(answersPoll: Bool)
        /// The candidate took over a session that the server has closed: write what is held to it, then end.
        case upgradeAndEnd(Ending)
        /// Close the candidate; the session goes on.
        case drop
        /// There is no candidate any more.
        case ignore
    }

    /// A frame came on the candidate.
    ///
    /// - Parameter packet: `nil` for a frame that holds none.
    public mutating func candidateReceived(_ packet: EnginePacket?, at now: NIODeadline) -> CandidateAction {
        guard var candidate = self.candidate else { return .ignore }
        if let packet, packet.isProbe {
            candidate.nextNoop = candidate.nextNoop ?? now + Self.noopInterval
            self.candidate = candidate
            return .answerProbe
        }
        self.candidate = nil
        guard packet?.kind == .upgrade, candidate.nextNoop != nil else { return .drop }
        return self.upgrade()
    }

    /// The connection of the candidate is gone, and the machine had not asked for it. The session goes on.
    public mutating func candidateClosed() {
        self.candidate = nil
    }

    private mutating func upgrade() -> CandidateAction {
        let isClosing = !self.isOpen
        self.transport = .websocket
        self.phase = .webSocket
        guard !isClosing else { return .upgradeAndEnd(self.end(.forcedClose, poll: .closePacket, refusesPost: false)) }
        defer { self.isPollWaiting = false }
        return .upgrade(answersPoll: self.isPollWaiting)
    }
}

extension EnginePacket {
    /// Whether this is `2probe`.
    fileprivate var isProbe: Bool {
        self.kind == .ping && self.payload.readableBytesView.elementsEqual("probe".utf8)
    }
}
