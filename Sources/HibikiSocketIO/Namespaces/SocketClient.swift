// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
package import HibikiSocketIOCodec
import HibikiWire
package import NIOCore
import Synchronization

/// What is spoken in one session: the packets of all namespaces that its client is in.
package final class SocketClient: EngineApplication {
    let connection: any EngineConnection
    let server: SocketIOServer
    /// What clients may do in a time; `nil` for a server that is mounted nowhere.
    let budgets: Budgets?
    let version: EngineVersion
    /// Whether packets are JSON.
    let writesText: Bool
    let state: Mutex<State>
    /// Whether as many works of its sockets wait as may. Written under the lock of the state, and read without it for every message.
    private let isFull = Atomic(false)

    enum Entry {
        /// Its socket is not there yet, or is asking middlewares.
        case joining(Socket?)
        case joined(Socket)

        var socket: Socket? {
            switch self {
            case .joining(let socket): socket
            case .joined(let socket): socket
            }
        }
    }

    struct State {
        var reader: SocketPacketReader
        var entries: [ExactString: Entry] = [:] {
            didSet { self.latest = nil }
        }
        /// The one that a packet was for last: most clients are in one namespace.
        private(set) var latest: Socket?
        /// Namespaces that the server has put the client out of: its packets may still be on their way.
        var dropped: [ExactString] = []
        var budget = ConnectionBudget()
        /// What the principal has left of its budgets that the client showed a token of last.
        var principal: SharedBuckets?
        /// Until when it has to join a namespace; `nil` once it has.
        var connectDeadline: NIODeadline?
        // Here, because they fit into what the line above leaves of its last word.
        var isOpen = true
        /// Tokens that were no good.
        var badTokens: UInt8 = 0
        var waitingWorks: Int32 = 0

        init(reader: SocketPacketReader) {
            self.reader = reader
        }

        mutating func entry(of name: String) -> Entry? {
            if let latest = self.latest, latest.namespace.name.isExactly(name) { return .joined(latest) }
            let entry = self.entries[ExactString(name)]
            if case .joined(let socket) = entry { self.latest = socket }
            return entry
        }
    }

    init(_ connection: any EngineConnection, server: SocketIOServer) {
        self.connection = connection
        self.server = server
        self.budgets = server.budgets.load()
        self.version = connection.version
        self.writesText = server.configuration.parser == .json
        self.state = Mutex(State(reader: SocketPacketReader(limits: server.configuration.packetLimits)))
    }

    func start() {
        var timeout = self.server.configuration.connectTimeout
        if let access = self.server.access, access.control.requiresToken {
            timeout = min(timeout, access.control.timeToAuthenticate)
        }
        let deadline = self.server.deadlines.deadline(after: timeout)
        self.state.withLock { $0.connectDeadline = deadline }
        // Clients of the old version are in the first namespace without asking.
        if self.version == .v3 { self.join("/", auth: .object([:])) }
    }

    // MARK: The engine

    package var deadline: NIODeadline? {
        self.state.withLock { state in
            guard let connect = state.connectDeadline, let packet = state.reader.deadline else {
                return state.connectDeadline ?? state.reader.deadline
            }
            return min(connect, packet)
        }
    }

    package func deadlinePassed(at now: NIODeadline) {
        do throws(SocketViolation) {
            let isLate = try self.state.withLock { state throws(SocketViolation) in
                try state.reader.checkDeadline(at: now)
                return state.connectDeadline.map { $0 <= now } ?? false
            }
            if isLate { self.shut(with: .forcedServerClose) }
        } catch {
            self.fail(error)
        }
    }

    package func moved(toLoop number: Int) {
        for socket in self.sockets { socket.moved(toLoop: number) }
    }

    package func closed(_ reason: EngineCloseReason, description: String?) {
        self.end(with: DisconnectReason(reason), description: description)
    }

    var sockets: [Socket] {
        self.state.withLock { $0.entries.values.compactMap(\.socket) }
    }

    // MARK: Waiting works

    package var isReady: Bool {
        !self.isFull.load(ordering: .acquiring)
    }

    func workIsWaiting() {
        let limit = self.server.configuration.waitingEvents
        self.state.withLock { state in
            state.waitingWorks += 1
            if state.waitingWorks >= limit { self.isFull.store(true, ordering: .releasing) }
        }
    }

    func worksAreTaken(_ count: Int = 1) {
        guard count > 0 else { return }
        let limit = self.server.configuration.waitingEvents
        let isReadyAgain = self.state.withLock { state in
            state.waitingWorks -= Int32(clamping: count)
            guard state.waitingWorks <= limit / 2 else { return false }
            return self.isFull.exchange(false, ordering: .acquiringAndReleasing)
        }
        if isReadyAgain { self.connection.proceed() }
    }
}
