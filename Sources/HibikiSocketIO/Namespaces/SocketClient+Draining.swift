// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
package import HibikiTransports
import Synchronization

extension SocketClient {
    /// How long until a client with something under way is looked at again.
    private static let patience = Duration.milliseconds(50)

    /// Tells each socket, and closes the connection when handlers have returned and acks have come, or when the server cuts it.
    package func shutDown(_ farewell: Farewell) -> EngineEnding {
        for socket in self.sockets { socket.tell(farewell) }
        return self.leaveIfDone() ? .atOnce : .later
    }

    private func leaveIfDone() -> Bool {
        guard self.state.withLock({ $0.isOpen }) else { return true }
        let sockets = self.sockets
        guard sockets.allSatisfy(\.isDone) else {
            _ = self.server.deadlines.schedule(after: Self.patience) { [weak self] in _ = self?.leaveIfDone() }
            return false
        }
        self.leave(sockets)
        return true
    }

    private func leave(_ sockets: [Socket]) {
        guard !sockets.isEmpty else { return self.shut(with: .serverShuttingDown) }
        let countdown = Countdown(from: sockets.count) { self.shut(with: .serverShuttingDown) }
        for socket in sockets {
            socket.afterEverything { countdown.count() }
        }
    }
}

extension Socket {
    /// Says that the server is about to stop.
    fileprivate func tell(_ farewell: Farewell) {
        self.tell(
            "server:shutdown",
            ["message": .string(Farewell.message), "reconnectDelay": .integer(farewell.milliseconds)])
    }

    /// Says something about this connection. It is not an event that could be recovered: for another one it would be wrong.
    func tell(_ event: String, _ notice: JSON) {
        guard let seat = self.state.withLock({ $0.phase == .connected ? $0.seat : nil }),
            let packet = self.namespace.packet(.string(event), ArgumentList(notice))
        else { return }
        self.namespace.rooms?.send(packet, to: seat, takesOffset: false)
    }

    /// Whether no handler works, and the client owes no ack.
    fileprivate var isDone: Bool {
        self.state.withLock { !$0.work.isBusy && $0.acks.count == 0 }
    }
}
