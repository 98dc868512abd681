// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

/// The transports of one session: the polls and posts under way, the WebSocket that wants to take over, and the end.
///
/// It holds no packets. Whoever drives it keeps the packets to be sent, tells what happened, and does what the action
/// says. After the session has ended it refuses or ignores whatever still comes.
///
/// ```swift
/// var machine = EngineTransportMachine(startingOn: .polling)
/// machine.pollArrived(hasPackets: false)          // .wait
/// machine.upgradeRequested(at: now)               // .probe
/// machine.candidateReceived(probe, at: now)       // .answerProbe: send "3probe" on the WebSocket
/// machine.tick(at: now + .milliseconds(100))      // .answerPollWithNoop: the client may stop polling now
/// machine.candidateReceived(upgrade, at: now)     // .upgrade(answersPoll: false)
/// ```
public struct EngineTransportMachine: Sendable {
    /// How often a waiting poll is set free while a WebSocket takes over.
    public static let noopInterval: TimeAmount = .milliseconds(100)
    /// How long a closed session waits for the poll that fetches its last packets.
    public static let closeTimeout: TimeAmount = .seconds(30)

    enum Phase: Equatable, Sendable {
        case polling
        case webSocket
        /// The server closed the session while no poll was waiting.
        case closing(until: NIODeadline)
        case closed
    }

    /// A WebSocket that has not taken over yet.
    struct Candidate: Equatable, Sendable {
        let deadline: NIODeadline
        /// `nil` until the client has probed.
        var nextNoop: NIODeadline?
    }

    /// What carries the session at the moment, or carried it last: polling until the upgrade is complete.
    public internal(set) var transport: EngineTransport
    var phase: Phase
    var candidate: Candidate?
    var isPollWaiting = false
    var isPostUnderWay = false

    public init(startingOn transport: EngineTransport) {
        self.transport = transport
        self.phase = transport == .polling ? .polling : .webSocket
    }

    /// Whether packets of the client count. Once the server has closed the session they are dropped.
    public var isOpen: Bool {
        switch self.phase {
        case .polling, .webSocket: true
        case .closing, .closed: false
        }
    }

    /// Whether the session is over and its id unknown.
    public var isClosed: Bool {
        self.phase == .closed
    }
}

// MARK: Packets to be sent

extension EngineTransportMachine {
    public enum SendAction: Equatable, Sendable {
        /// Answer the waiting poll with what is held.
        case answerPoll
        /// Write to the WebSocket.
        case write
        /// Hold the packets for the next poll, or for the WebSocket that is taking over.
        case hold
        /// The session is closed to packets.
        case drop
    }

    /// There are packets for the client.
    public mutating func packetsQueued() -> SendAction {
        switch self.phase {
        case .polling:
            guard self.isPollWaiting else { return .hold }
            self.isPollWaiting = false
            return .answerPoll
        case .webSocket: return .write
        case .closing, .closed: return .drop
        }
    }
}

// MARK: Time

extension EngineTransportMachine {
    /// When ``tick(at:)`` has something to say; `nil` while nothing is due.
    public var deadline: NIODeadline? {
        let upgrade = self.candidate.map { min($0.deadline, $0.nextNoop ?? $0.deadline) }
        guard case .closing(let until) = self.phase else { return upgrade }
        return min(until, upgrade ?? until)
    }

    public enum TickAction: Equatable, Sendable {
        /// Nothing to do before the deadline.
        case wait
        /// Answer the waiting poll with a noop packet.
        case answerPollWithNoop
        /// Close the WebSocket that did not take over in time; the session goes on.
        case dropCandidate
        case end(Ending)
    }

    public mutating func tick(at now: NIODeadline) -> TickAction {
        if case .closing(let until) = self.phase, now >= until {
            return .end(self.end(.forcedClose, poll: .closePacket))
        }
        guard var candidate = self.candidate else { return .wait }
        guard now < candidate.deadline else {
            self.candidate = nil
            return .dropCandidate
        }
        guard let noop = candidate.nextNoop, now >= noop else { return .wait }
        candidate.nextNoop = now + Self.noopInterval
        self.candidate = candidate
        guard self.isPollWaiting else { return .wait }
        self.isPollWaiting = false
        return .answerPollWithNoop
    }
}
