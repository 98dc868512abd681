// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
package import HibikiTransports
import Synchronization

extension SocketClient {
    /// How long until a client with something under way is looked at again.
    private static let patience = Duration.milliseconds(50)

    /// Tells each socket, and closes the connection when handlers have returned and acks have come, or when the server cuts it.
    package func shutDown(_ farewell: Farewell) -> Bool {
        for socket in self.sockets { socket.tell(farewell) }
        self.leaveWhenDone()
        return true
    }

    private func leaveWhenDone() {
        guard self.state.withLock({ $0.isOpen }) else { return }
        let sockets = self.sockets
        guard sockets.allSatisfy(\.isDone) else {
            _ = self.server.deadlines.schedule(after: Self.patience) { [weak self] in self?.leaveWhenDone() }
            return
        }
        guard !sockets.isEmpty else { return self.shut(with: .serverShuttingDown) }
        let countdown = Countdown(from: sockets.count) { self.shut(with: .serverShuttingDown) }
        for socket in sockets {
            socket.afterEverything { countdown.count() }
        }
    }
}

extension Socket {
    /// Says that the server is about to stop. It is not an event that could be recovered: after the restart it would be wrong.
    fileprivate func tell(_ farewell: Farewell) {
        let notice: JSON = [
            "message": .string(Farewell.message), "reconnectDelay": .integer(farewell.milliseconds),
        ]
        guard let seat = self.state.withLock({ $0.phase == .connected ? $0.seat : nil }),
            let packet = self.namespace.packet(.string("server:shutdown"), ArgumentList(notice))
        else { return }
        self.namespace.rooms?.send(packet, to: seat, takesOffset: false)
    }

    /// Whether no handler works, and the client owes no ack.
    fileprivate var isDone: Bool {
        self.state.withLock { !$0.work.isBusy && $0.acks.count == 0 }
    }
}
