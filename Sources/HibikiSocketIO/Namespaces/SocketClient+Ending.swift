// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import HibikiWire
import Synchronization

extension SocketClient {
    /// The client has left a namespace.
    func remove(_ socket: Socket) {
        self.state.withLock { state in
            guard state.entries[ExactString(socket.namespace.name)]?.socket === socket else { return }
            state.entries[ExactString(socket.namespace.name)] = nil
        }
    }

    /// The server has put the client out of a namespace.
    func dropped(_ socket: Socket) {
        self.remove(socket)
        self.state.withLock { state in
            // Those that crossed are soon here; the oldest can be forgotten.
            if state.dropped.count >= 32 { state.dropped.removeFirst() }
            state.dropped.append(ExactString(socket.namespace.name))
        }
    }

    /// Leaves all namespaces, telling the client, and closes the connection when that has gone out.
    func disconnectAll(with reason: DisconnectReason) {
        let sockets = self.sockets
        guard !sockets.isEmpty else { return self.shut(with: reason) }
        let countdown = Countdown(from: sockets.count) { self.shut(with: reason) }
        for socket in sockets {
            socket.leave(with: reason)
            socket.afterEverything { countdown.count() }
        }
    }

    /// The client has broken the rules.
    func fail(_ violation: SocketViolation) {
        for socket in self.sockets { socket.report(violation) }
        self.shut(with: DisconnectReason(rawValue: violation.disconnectReason))
    }

    /// Closes the connection. What is queued goes out first.
    func shut(with reason: DisconnectReason) {
        self.end(with: reason, description: nil)
        self.connection.close(discarding: false)
    }

    /// The client has come back over another connection.
    func replaced() {
        self.end(with: .transportClose, description: "the client has come back over another connection")
        self.connection.close(discarding: true)
    }

    func end(with reason: DisconnectReason, description: String?) {
        let ended = self.state.withLock { state -> State? in
            guard state.isOpen else { return nil }
            let ended = state
            state.isOpen = false
            state.entries = [:]
            state.dropped = []
            state.reader = SocketPacketReader(limits: ended.reader.limits)
            state.connectDeadline = nil
            return ended
        }
        guard let ended else { return }
        for entry in ended.entries.values { entry.socket?.end(with: reason, description: description) }
    }
}

/// Calls a closure once several things have happened.
final class Countdown: Sendable {
    private let rest: Mutex<Int>
    private let atZero: @Sendable () -> Void

    init(from count: Int, atZero: @escaping @Sendable () -> Void) {
        self.rest = Mutex(count)
        self.atZero = atZero
    }

    func count() {
        let isZero = self.rest.withLock { rest in
            rest -= 1
            return rest == 0
        }
        if isZero { self.atZero() }
    }
}
