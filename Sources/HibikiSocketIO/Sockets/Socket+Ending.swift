// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiSocketIOCodec
import NIOCore
import Synchronization

extension Socket {
    /// Ends the socket.
    ///
    /// - Parameter close: whether the connection ends with it, and the client's sockets in other namespaces too.
    ///   Everything that was emitted goes out first.
    ///
    /// The client does not come back by itself if only the socket ends. Events of the client that still wait for a
    /// handler, or are on their way, are dropped.
    public func disconnect(close: Bool = false) {
        if close {
            self.client.disconnectAll(with: .serverNamespaceDisconnect)
        } else {
            self.leave(with: .serverNamespaceDisconnect)
        }
    }

    /// Tells the client that it is out, and ends.
    func leave(with reason: DisconnectReason) {
        guard let seat = self.state.withLock({ $0.phase == .connected ? $0.seat : nil }) else { return }
        let packet = self.namespace.server.format.disconnect(namespace: self.namespace.name)
        self.namespace.rooms?.send(packet, to: seat, takesOffset: false)
        self.client.dropped(self)
        self.end(with: reason, dropsEvents: true)
    }

    /// Calls a closure on the event loop of the connection, after everything that was sent has been queued there.
    func afterEverything(_ body: @escaping @Sendable () -> Void) {
        guard let rooms = self.namespace.rooms, let seat = self.state.withLock({ $0.seat }) else { return body() }
        rooms.rooms(of: seat) { _ in body() }
    }

    /// The socket is no longer there. Called once or more; the first call counts.
    ///
    /// - Parameter dropsEvents: whether events that wait for a handler are forgotten.
    func end(with reason: DisconnectReason, description: String? = nil, dropsEvents: Bool = false) {
        let ended = self.state.withLock { state -> (seat: RoomSeat?, acks: [PendingAcks.Completion], dropped: Int)? in
            guard state.phase != .ended else { return nil }
            state.phase = .ended
            state.isRecoverable = reason.isRecoverable
            state.earlyEmits = []
            return (state.seat, state.acks.takeAll(), dropsEvents ? state.work.dropEvents() : 0)
        }
        guard let ended else { return }
        self.forgetToken()
        self.client.worksAreTaken(ended.dropped)
        for completion in ended.acks { completion(.failure(.emit(.disconnected))) }
        guard let seat = ended.seat else { return }
        self.namespace.rooms?.remove(seat, keeping: reason.isRecoverable ? self.leavingSession : nil)
        self.namespace.left(self)
        self.perform(.ending(StepRun(Disconnection(reason: reason, description: description))))
    }

    var leavingSession: LeavingSession? {
        guard let privateID = self.privateID else { return nil }
        let subject = self.namespace.recovery?.subject?(self.handshake)
        return LeavingSession(
            id: self.id, privateID: privateID, data: self.data, who: subject, principal: self.principal.id)
    }
}
